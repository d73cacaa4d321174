export {
  type CallOptions,
  type CallResult,
  callService,
  describeFailure,
  type FailedCall,
  tryService,
} from './call-service.ts';
export { createHttpClient, type HttpClient, type HttpClientOptions } from './http-client.ts';
export type { CallFailure } from './network-error.ts';
