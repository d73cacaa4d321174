export { FakeClock, fakeClockStartMs } from './fake-clock.ts';
export { type ConnectionEnd, FakeConnection } from './fake-connection.ts';
export { answerEach, type ConnectionScript, type FakeUpstream, fakeUpstream } from './fake-upstream.ts';
export type { RawRequest } from './raw-request.ts';
export { waitUntil } from './wait-until.ts';
