export { echoService } from './echo-service.ts';
export { FrameClient, frameTypes } from './frame-client.ts';
export {
  CountRequestSchema,
  CountResponseSchema,
  Echo,
  SayRequestSchema,
  SayResponseSchema,
  SumRequestSchema,
} from './generated/flotilla/testing/echo_pb.ts';
export { type HostileMessage, hostileMessages } from './hostile-messages.ts';
export { interopService } from './interop-service.ts';
export { messagesIn, type RawAnswer, RawGrpcClient, rawFrame, requestFrame, statusOfAnswer } from './raw-call.ts';
export { connectRawGrpc, type RawGrpc, type RawGrpcAnswer, type RawGrpcCall } from './reading-client.ts';
export { type ServedGrpc, serveGrpc } from './serve-grpc.ts';
export { assertGrpcWithstands } from './withstand-grpc.ts';
