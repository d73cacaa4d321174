export { assertSameOutcomes, type ProtocolCase } from './compare.ts';
export { grpcSpeaker } from './grpc-speaker.ts';
export { httpSpeaker } from './http-speaker.ts';
export type { Fields, Outcome, Speaker } from './speaker.ts';
