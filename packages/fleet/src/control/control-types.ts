import type { Translated } from '@flotilla/contracts';

/** The protocol version of client and supervisor. It grows with each incompatible change. */
export const controlProtocol = 1;

/** The state of a process, in one word. */
export type ReportedState =
  /** Starts once others are ready. */
  | 'waiting'
  | 'starting'
  | 'ready'
  /** It has ended by itself and will restart. */
  | 'restarting'
  | 'stopping'
  /** It was stopped on request. */
  | 'stopped'
  /** It has finished its work: it exited with 0 and does not restart. */
  | 'done'
  /** It has ended by itself and does not restart. */
  | 'ended'
  | 'misconfigured';

/** A process of a fleet, as `flotilla ps` shows it. */
export interface ProcessReport {
  readonly name: string;
  /** The program that it is an instance of. */
  readonly program: string;
  readonly role: string;
  /** Why only one instance of the program can run; null if several can. */
  readonly singleBecause: string | null;
  readonly state: ReportedState;
  /** The reason for this state, if it is not obvious; otherwise null. */
  readonly why: string | null;
  /** The same in every language. */
  readonly whyIn: Translated | null;
  readonly pid: number | null;
  readonly port: number | null;
  /** The URL where it serves; null until it has reported it. */
  readonly url: string | null;
  readonly uptimeMs: number | null;
  /** The number of restarts after it ended by itself. */
  readonly restarts: number;
  /** CPU usage of one core over a quarter of a second, child processes included; null if not requested or unknown. */
  readonly cpuPercent: number | null;
  /** Memory that it and its child processes use now. */
  readonly memoryBytes: number | null;
}

/** A fleet, as its supervisor reports it. */
export interface FleetReport {
  readonly protocol: number;
  /** The version of the supervisor. */
  readonly version: string;
  readonly pid: number;
  /** The project's folder. */
  readonly folder: string;
  readonly uptimeMs: number;
  readonly processes: readonly ProcessReport[];
}

/** A line written by a process, or by the supervisor about it. */
export interface KeptLine {
  readonly name: string;
  readonly from: 'stdout' | 'stderr';
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** The line as written, without its line break. */
  readonly line: string;
}

/** One event of the log stream. */
export type LogEvent =
  | ({ readonly kind: 'line' } & KeptLine)
  /** This many lines were dropped because the reader was too slow. */
  | { readonly kind: 'dropped'; readonly lines: number };

/** What can be requested for a program. */
export type ControlAction = 'start' | 'stop' | 'restart';

/** The answer to a failed request. */
export interface ControlProblem {
  /** For programs. */
  readonly code: 'UNKNOWN_NAME' | 'BAD_REQUEST' | 'REFUSED' | 'NOT_FOUND' | 'FAILED';
  /** For people: what is wrong, and what to do. */
  readonly message: string;
  /** The existing names; only with UNKNOWN_NAME. */
  readonly names?: readonly string[];
}
