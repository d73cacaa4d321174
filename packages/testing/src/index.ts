export { freePort } from './cluster/free-port.ts';
export { Program, type ProgramExit, type ProgramOptions, spawnProgram } from './cluster/program.ts';
export { FakeClock, fakeClockStartMs } from './fake-clock.ts';
export { type LoggedLine, type RecordingLogger, recordingLogger } from './recording-logger.ts';
export { waitUntil } from './wait-until.ts';
