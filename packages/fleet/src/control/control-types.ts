/** What a client and a supervisor must have in common; a number that rises with each change that old ones would misread. */
export const controlProtocol = 1;

/** How a process is doing, in one word. */
export type ReportedState =
  /** It is started once others are ready. */
  | 'waiting'
  | 'starting'
  | 'ready'
  /** It has ended by itself, and is started again. */
  | 'restarting'
  | 'stopping'
  /** Somebody has stopped it. */
  | 'stopped'
  /** It has done its work: it has ended well, and is not to be started again. */
  | 'done'
  /** It has ended by itself, and is not started again. */
  | 'ended'
  | 'misconfigured';

/** A process of a fleet, as `flotilla ps` shows it. */
export interface ProcessReport {
  readonly name: string;
  /** The program of which it is an instance. */
  readonly program: string;
  readonly role: string;
  readonly state: ReportedState;
  /** Why it is in this state, where that is not plain; null otherwise. */
  readonly why: string | null;
  readonly pid: number | null;
  readonly port: number | null;
  /** Where it serves; null until it has said so. */
  readonly url: string | null;
  readonly uptimeMs: number | null;
  /** How often it was started again after it had ended by itself. */
  readonly restarts: number;
  /** Of one core, over a quarter of a second, with all processes it has started; null if that was not asked for, or cannot be known. */
  readonly cpuPercent: number | null;
  /** What it and the processes it has started hold in memory now. */
  readonly memoryBytes: number | null;
}

/** A fleet, as its supervisor tells of it. */
export interface FleetReport {
  readonly protocol: number;
  /** Of the program that supervises it. */
  readonly version: string;
  readonly pid: number;
  /** The project's folder. */
  readonly folder: string;
  readonly uptimeMs: number;
  readonly processes: readonly ProcessReport[];
}

/** A line that a process has written, or the supervisor about it. */
export interface KeptLine {
  readonly name: string;
  readonly from: 'stdout' | 'stderr';
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** As it was written, without its end. */
  readonly line: string;
}

/** One thing of the stream of logs. */
export type LogEvent =
  | ({ readonly kind: 'line' } & KeptLine)
  /** So many lines were left out, because the reader was too slow. */
  | { readonly kind: 'dropped'; readonly lines: number };

/** What can be asked for by name. */
export type ControlAction = 'start' | 'stop' | 'restart';

/** The answer to what could not be done. */
export interface ControlProblem {
  /** For programs. */
  readonly code: 'UNKNOWN_NAME' | 'BAD_REQUEST' | 'REFUSED' | 'NOT_FOUND' | 'FAILED';
  /** For people: what is wrong, and what to do. */
  readonly message: string;
  /** The names there are, with UNKNOWN_NAME. */
  readonly names?: readonly string[];
}
