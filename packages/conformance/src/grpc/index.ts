export { echoService } from './echo-service.ts';
export {
  CountRequestSchema,
  Echo,
  SayRequestSchema,
  SayResponseSchema,
  SumRequestSchema,
} from './generated/flotilla/testing/echo_pb.ts';
export { interopService } from './interop-service.ts';
export { type RawAnswer, RawGrpcClient, rawFrame } from './raw-call.ts';
export { connectRawGrpc, type RawGrpc, type RawGrpcAnswer, type RawGrpcCall } from './reading-client.ts';
export { type ServedGrpc, serveGrpc } from './serve-grpc.ts';
export { assertGrpcWithstands } from './withstand-grpc.ts';
