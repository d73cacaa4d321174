import type { ProcessEnd, ProcessState, RestartPolicy } from './process-state.ts';

/** A started process, as far as the supervisor cares. */
export interface RunningProcess {
  readonly pid: number | undefined;
  /** Asks it to stop. */
  terminate(): void;
  /** Ends it, and whatever it started, at once. */
  kill(): void;
  /** Asks it to read its configuration again, which not every program can. */
  reload(): void;
}

/** What a started process tells. `exited` comes exactly once and last. */
export interface ProcessListener {
  /** Its settings are good; a stop takes it at most so long. */
  configured(stopLimitMs: number): void;
  /** It serves at `url`; at `live` it can be asked whether it lives. May come again, after a reload. */
  ready(url: string, live?: string): void;
  /** The registry has it, so others can find it. */
  registered(): void;
  exited(end: ProcessEnd): void;
}

/** A process to supervise. */
export interface SupervisedProcess {
  /** Unique in the fleet. */
  readonly name: string;
  /** The program that it is an instance of. */
  readonly program: string;
  /** Those that must be ready, or have ended well, before it is started. */
  readonly after: readonly string[];
  /** Whether it is stopped after all others: the registry, so that the others can still sign off, and after it what looks on. */
  readonly stopsLast: boolean;
  /**
   * Whether it only looks at the others: it starts when they are ready, or a while after them, nobody waits for it, and it does not
   * keep a fleet running in which all others have ended.
   */
  readonly looksOn: boolean;
  readonly policy: RestartPolicy;
}

/** A watch over a process that serves. */
export interface Watch {
  stop(): void;
}

/** A process as it is now. */
export interface ProcessSnapshot {
  readonly name: string;
  readonly program: string;
  readonly state: ProcessState;
  readonly pid: number | undefined;
  /** Since when its present process runs, on the monotonic clock; undefined: it does not. */
  readonly startedMs: number | undefined;
  /** The number of restarts after it ended by itself. */
  readonly restarts: number;
}
