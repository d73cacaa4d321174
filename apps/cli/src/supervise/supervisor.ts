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
  /** The registry has it, so others can find it. */
  registered(): void;
  exited(end: ProcessEnd): void;
}

/** What the supervisor tells about the fleet. */
export type FleetEvent =
  | { readonly kind: 'started'; readonly name: string; readonly pid: number | undefined }
  | { readonly kind: 'ready'; readonly name: string; readonly url: string; readonly again: boolean }
  | { readonly kind: 'registered'; readonly name: string }
  | { readonly kind: 'crashed'; readonly name: string; readonly end: ProcessEnd; readonly restartInMs: number }
  | { readonly kind: 'misconfigured'; readonly name: string }
  /** Every process is ready, for the first time. */
  | { readonly kind: 'all-ready' }
  /** Every process has ended, and none will be started again. */
  | { readonly kind: 'all-stopped' };

/** What {@link Supervisor} needs. */
export interface SupervisorOptions {
  readonly names: readonly string[];
  /** Those that are stopped after all others: the registry, so that the others can still sign off. Default none. */
  readonly stopLast?: readonly string[];
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
  #stopping = false;

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
    const hurried = this.#stopping;
    this.#stopping = true;
    for (const each of this.#fleet) {
      if (hurried && each.state.kind !== 'stopping') this.#apply(each, { kind: 'stop' });
      if (hurried || !this.#isStoppedLast(each)) this.#apply(each, { kind: 'stop' });
    }
    this.#proceed();
  }

  #spawn(each: Supervised): void {
    const running = this.#options.spawn(each.name, {
      ready: (url) => this.#onReady(each, url),
      registered: () => this.#options.tell({ kind: 'registered', name: each.name }),
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
    this.#proceed();
  }

  #onExit(each: Supervised, end: ProcessEnd): void {
    each.process = undefined;
    this.#apply(each, { kind: 'exit', end });
    if (each.state.kind === 'misconfigured') this.#options.tell({ kind: 'misconfigured', name: each.name });
    if (each.state.kind === 'waiting') {
      const restartInMs = Math.max(0, each.state.dueMs - this.#options.clock.monotonicMs());
      this.#options.tell({ kind: 'crashed', name: each.name, end, restartInMs });
    }
    this.#proceed();
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

  #isStoppedLast(each: Supervised): boolean {
    return this.#options.stopLast?.includes(each.name) === true;
  }

  /** What follows from the states of all: stopping those that come last, and telling what is true of the whole. */
  #proceed(): void {
    const rest = this.#fleet.filter((each) => !hasEnded(each));
    if (this.#stopping && rest.every((each) => this.#isStoppedLast(each))) {
      for (const each of rest) if (each.state.kind !== 'stopping') this.#apply(each, { kind: 'stop' });
    }
    if (!this.#wasAllReady && this.#fleet.every((each) => each.state.kind === 'ready')) {
      this.#wasAllReady = true;
      this.#options.tell({ kind: 'all-ready' });
    }
    if (!this.#wasAllStopped && this.#fleet.every(hasEnded)) {
      this.#wasAllStopped = true;
      this.#options.tell({ kind: 'all-stopped' });
    }
  }
}

function hasEnded(each: Supervised): boolean {
  return each.state.kind === 'stopped' || each.state.kind === 'misconfigured';
}
