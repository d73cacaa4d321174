export type { FleetEvent } from './fleet-event.ts';
export type { OutputSink } from './output-sink.ts';
export { configurationExitCode, type ProcessEnd, type ProcessState } from './process-state.ts';
export type { ProcessSnapshot } from './supervised-process.ts';
