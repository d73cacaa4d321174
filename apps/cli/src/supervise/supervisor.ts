import type { Clock, Timer } from '@flotilla/contracts';
import {
  advance,
  firstState,
  type ProcessEnd,
  type ProcessEvent,
  type ProcessState,
  type RestartPolicy,
} from './process-state.ts';

/** A started process, as far as the supervisor cares. */
export interface RunningProcess {
  readonly pid: number | undefined;
  /** Asks it to stop. */
  terminate(): void;
  /** Ends it, and whatever it started, at once. */
  kill(): void;
}

/** What a started process tells. `exited` comes exactly once and last. */
export interface ProcessListener {
  ready(url: string): void;
  exited(end: ProcessEnd): void;
}

/** What the supervisor tells about the fleet. */
export type FleetEvent =
  | { readonly kind: 'started'; readonly name: string; readonly pid: number | undefined }
  | { readonly kind: 'ready'; readonly name: string; readonly url: string; readonly again: boolean }
  | { readonly kind: 'crashed'; readonly name: string; readonly end: ProcessEnd; readonly restartInMs: number }
  | { readonly kind: 'misconfigured'; readonly name: string }
  /** Every process is ready, for the first time. */
  | { readonly kind: 'all-ready' }
  /** Every process has ended, and none will be started again. */
  | { readonly kind: 'all-stopped' };

/** What {@link Supervisor} needs. */
export interface SupervisorOptions {
  readonly names: readonly string[];
  readonly spawn: (name: string, listener: ProcessListener) => RunningProcess;
  readonly clock: Clock;
  readonly policy: RestartPolicy;
  readonly tell: (event: FleetEvent) => void;
}

interface Supervised {
  readonly name: string;
  state: ProcessState;
  process: RunningProcess | undefined;
  timer: Timer | undefined;
}

/** Starts processes, starts those again that end, and stops all of them. Decisions are made in `process-state.ts`. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #fleet: readonly Supervised[];
  #wasAllReady = false;
  #wasAllStopped = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#fleet = options.names.map((name) => ({ name, state: firstState, process: undefined, timer: undefined }));
  }

  /** Starts every process, all at once. */
  start(): void {
    for (const each of this.#fleet) this.#spawn(each);
  }

  /** Stops every process; a second call ends them at once. */
  stop(): void {
    for (const each of this.#fleet) this.#apply(each, { kind: 'stop' });
    this.#announceTotals();
  }

  /** Where a process stands. */
  stateOf(name: string): ProcessState | undefined {
    return this.#fleet.find((each) => each.name === name)?.state;
  }

  #spawn(each: Supervised): void {
    const running = this.#options.spawn(each.name, {
      ready: (url) => this.#onReady(each, url),
      exited: (end) => this.#onExit(each, end),
    });
    each.process = running;
    this.#options.tell({ kind: 'started', name: each.name, pid: running.pid });
  }

  #onReady(each: Supervised, url: string): void {
    const again = each.state.kind === 'starting' && each.state.crashes > 0;
    if (each.state.kind !== 'starting') return;
    this.#apply(each, { kind: 'ready', url });
    this.#options.tell({ kind: 'ready', name: each.name, url, again });
    this.#announceTotals();
  }

  #onExit(each: Supervised, end: ProcessEnd): void {
    each.process = undefined;
    this.#apply(each, { kind: 'exit', end });
    if (each.state.kind === 'misconfigured') this.#options.tell({ kind: 'misconfigured', name: each.name });
    if (each.state.kind === 'waiting') {
      const restartInMs = Math.max(0, each.state.dueMs - this.#options.clock.monotonicMs());
      this.#options.tell({ kind: 'crashed', name: each.name, end, restartInMs });
    }
    this.#announceTotals();
  }

  #apply(each: Supervised, event: ProcessEvent): void {
    const { clock, policy } = this.#options;
    const step = advance(each.state, event, clock.monotonicMs(), policy);
    if (step.state !== each.state) {
      each.state = step.state;
      each.timer?.cancel();
      each.timer = undefined;
      if ('dueMs' in step.state) {
        each.timer = clock.after(step.state.dueMs - clock.monotonicMs(), () => this.#apply(each, { kind: 'due' }));
      }
    }
    if (step.action === 'spawn') this.#spawn(each);
    else if (step.action === 'terminate') each.process?.terminate();
    else if (step.action === 'kill') each.process?.kill();
  }

  #announceTotals(): void {
    if (!this.#wasAllReady && this.#fleet.every((each) => each.state.kind === 'ready')) {
      this.#wasAllReady = true;
      this.#options.tell({ kind: 'all-ready' });
    }
    const ended = this.#fleet.every((each) => each.state.kind === 'stopped' || each.state.kind === 'misconfigured');
    if (ended && !this.#wasAllStopped) {
      this.#wasAllStopped = true;
      this.#options.tell({ kind: 'all-stopped' });
    }
  }
}
