export { FakeClock, fakeClockStartMs } from './fake-clock.ts';
export { waitUntil } from './wait-until.ts';
