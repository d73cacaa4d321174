export type { CallFailure } from './network-error.ts';
export { type NodeTransportOptions, nodeTransport } from './node-transport.ts';
export { type BoundedRequest, type RequestResult, readBody, sendRequest, type WholeAnswer } from './send-request.ts';
export { type HttpAnswer, type HttpCall, type Transport, UnsendableRequest } from './transport.ts';
