export {
  createGrpcCaller,
  type GrpcCaller,
  type GrpcCallerOptions,
  type GrpcClient,
  type OutgoingCall,
} from './client/grpc-caller.ts';
export { checkRequest, given } from './requests/check-request.ts';
export {
  nextPageToken,
  type PageMessage,
  readIfMatch,
  readPageMessage,
  readRequestId,
} from './requests/record-requests.ts';
export { serviceCallOf } from './requests/service-call.ts';
export { sendTag } from './requests/tag-answer.ts';
export type { GrpcLimits } from './server/call-limits.ts';
export type { GrpcCall } from './server/grpc-call.ts';
export { type GrpcServer, type GrpcServerContext, type GrpcServerOptions, grpcServer } from './server/grpc-server.ts';
export { type Handler, type Handlers, type ImplementedService, implement } from './server/implement.ts';
export type { Metadata } from './wire/metadata.ts';
