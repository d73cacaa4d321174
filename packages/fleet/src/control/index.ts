export { ControlClient, ControlFailure } from './control-client.ts';
export type {
  ControlAction,
  ControlProblem,
  FleetReport,
  KeptLine,
  LogEvent,
  ProcessReport,
  ReportedState,
} from './control-types.ts';
export { type FoundFleet, findFleets } from './find-fleets.ts';
export { LogRing } from './log-ring.ts';
export { type Control, openControl } from './open-control.ts';
export { reportedState } from './process-report.ts';
