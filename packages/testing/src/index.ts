export { freePort } from './cluster/free-port.ts';
export { Program, type ProgramExit, type ProgramOptions, spawnProgram } from './cluster/program.ts';
export {
  defineExpectations,
  type Expectation,
  type Expectations,
  type ExpectedAnswer,
  type ExpectedRequest,
  type Values,
} from './expectations/expectations.ts';
export { type PlayedProvider, playProvider } from './expectations/play-provider.ts';
export { readAllExpectations, readExpectations } from './expectations/read-expectations.ts';
export {
  type SetState,
  type StateSet,
  type VerifyOptions,
  verifyExpectations,
} from './expectations/verify-expectations.ts';
export { FakeClock, fakeClockStartMs } from './fake-clock.ts';
export {
  type CutPoint,
  cut,
  type FailedAnswer,
  type Fault,
  failing,
  none,
  type RequestFault,
  slow,
} from './faults/fault.ts';
export {
  type FaultOf,
  type FaultOptions,
  type FaultProxy,
  type PassedRequest,
  withFaults,
} from './faults/fault-proxy.ts';
export type { Announced } from './fleet/ask-fleet.ts';
export { startFleet } from './fleet/start-fleet.ts';
export type { StartFleetOptions, TestFleet } from './fleet/test-fleet.ts';
export { type LoggedLine, type RecordingLogger, recordingLogger } from './recording-logger.ts';
export {
  type AnswerOf,
  type FakeAnswer,
  type FakeUpstream,
  type FakeUpstreamOptions,
  fakeUpstream,
} from './upstream/fake-upstream.ts';
export type { ReceivedRequest } from './upstream/received-request.ts';
export { waitUntil } from './wait-until.ts';
