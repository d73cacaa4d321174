export {
  createGrpcCaller,
  type GrpcCaller,
  type GrpcCallerOptions,
  type GrpcClient,
  type OutgoingCall,
} from './client/grpc-caller.ts';
export type { GrpcLimits } from './server/call-limits.ts';
export type { GrpcCall } from './server/grpc-call.ts';
export { type GrpcServer, type GrpcServerContext, type GrpcServerOptions, grpcServer } from './server/grpc-server.ts';
export { type Handler, type Handlers, type ImplementedService, implement } from './server/implement.ts';
export type { Metadata } from './wire/metadata.ts';
