export { type CallOptions, type CallResult, describeFailure, type FailedCall } from './call-service.ts';
export { createHttpClient, type HttpClient, type HttpClientOptions } from './http-client.ts';
