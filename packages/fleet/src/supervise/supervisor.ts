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
  /** Its settings are good; a stop takes it at most so long. */
  configured(stopLimitMs: number): void;
  /** It serves at `url`; at `live` it can be asked whether it lives. May come again, after a reload. */
  ready(url: string, live?: string): void;
  /** The registry has it, so others can find it. */
  registered(): void;
  exited(end: ProcessEnd): void;
}

/** What the supervisor tells about the fleet. */
export type FleetEvent =
  | { readonly kind: 'started'; readonly name: string; readonly pid: number | undefined }
  | { readonly kind: 'ready'; readonly name: string; readonly url: string; readonly again: boolean }
  | { readonly kind: 'registered'; readonly name: string }
  /** It has not answered for so long, and is killed. */
  | { readonly kind: 'hung'; readonly name: string; readonly silentMs: number }
  | { readonly kind: 'crashed'; readonly name: string; readonly end: ProcessEnd; readonly restartInMs: number }
  | { readonly kind: 'misconfigured'; readonly name: string }
  /** It was told to stop, has not done so in time, and is killed. */
  | { readonly kind: 'overdue'; readonly name: string; readonly limitMs: number }
  /** It has ended, as it was told to. */
  | { readonly kind: 'stopped'; readonly name: string }
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
  /** Calls `onHung` when what serves at `live` has been silent for too long. */
  readonly watch: (name: string, live: string, process: RunningProcess, onHung: (silentMs: number) => void) => Watch;
  readonly clock: Clock;
  readonly policy: RestartPolicy;
  readonly tell: (event: FleetEvent) => void;
}

/** A watch over a process that serves. */
export interface Watch {
  stop(): void;
}

/** What a program takes beyond its own limit is not meant: it ends by itself before. */
const stopMarginMs = 1_000;

interface Supervised {
  readonly name: string;
  state: ProcessState;
  process: RunningProcess | undefined;
  timer: Timer | undefined;
  watch: Watch | undefined;
  /** How long it may take to stop; undefined until it has said so. */
  stopLimitMs: number | undefined;
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
    this.#fleet = options.names.map((name) => ({
      name,
      state: firstState,
      process: undefined,
      timer: undefined,
      watch: undefined,
      stopLimitMs: undefined,
    }));
  }

  /** Starts every process, all at once. */
  start(): void {
    for (const each of this.#fleet) this.#spawn(each);
  }

  /** Stops every process; with `hurry` those that still run are ended at once. */
  stop(hurry = false): void {
    const hurried = this.#stopping && hurry;
    this.#stopping = true;
    for (const each of this.#fleet) {
      if (hurried && each.state.kind !== 'stopping') this.#stop(each);
      if (hurried || (each.state.kind !== 'stopping' && !this.#isStoppedLast(each))) this.#stop(each);
    }
    this.#proceed();
  }

  #stop(each: Supervised): void {
    each.watch?.stop();
    this.#apply(each, { kind: 'stop', limitMs: each.stopLimitMs });
  }

  #spawn(each: Supervised): void {
    each.stopLimitMs = undefined;
    const running = this.#options.spawn(each.name, {
      configured: (stopLimitMs) => {
        each.stopLimitMs = stopLimitMs + stopMarginMs;
      },
      ready: (url, live) => this.#onReady(each, url, live),
      registered: () => this.#options.tell({ kind: 'registered', name: each.name }),
      exited: (end) => this.#onExit(each, end),
    });
    each.process = running;
    this.#options.tell({ kind: 'started', name: each.name, pid: running.pid });
  }

  #onReady(each: Supervised, url: string, live: string | undefined): void {
    each.watch?.stop();
    if (live !== undefined && each.process !== undefined && each.state.kind !== 'stopping') {
      each.watch = this.#options.watch(each.name, live, each.process, (silentMs) => {
        this.#options.tell({ kind: 'hung', name: each.name, silentMs });
        this.#apply(each, { kind: 'hung' });
      });
    }
    const again = each.state.kind === 'starting' && each.state.crashes > 0;
    if (each.state.kind !== 'starting') return;
    this.#apply(each, { kind: 'ready', url });
    this.#options.tell({ kind: 'ready', name: each.name, url, again });
    this.#proceed();
  }

  #onExit(each: Supervised, end: ProcessEnd): void {
    each.process = undefined;
    each.watch?.stop();
    this.#apply(each, { kind: 'exit', end });
    if (each.state.kind === 'stopped') this.#options.tell({ kind: 'stopped', name: each.name });
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
        const delayMs = step.state.dueMs - clock.monotonicMs();
        each.timer = clock.after(delayMs, () => this.#onDue(each, delayMs));
      }
    }
    if (step.action === 'spawn') this.#spawn(each);
    else if (step.action === 'terminate') each.process?.terminate();
    else if (step.action === 'kill') each.process?.kill();
  }

  #onDue(each: Supervised, delayMs: number): void {
    if (each.state.kind === 'stopping') this.#options.tell({ kind: 'overdue', name: each.name, limitMs: delayMs });
    this.#apply(each, { kind: 'due' });
  }

  #isStoppedLast(each: Supervised): boolean {
    return this.#options.stopLast?.includes(each.name) === true;
  }

  /** What follows from the states of all: stopping those that come last, and telling what is true of the whole. */
  #proceed(): void {
    const rest = this.#fleet.filter((each) => !hasEnded(each));
    if (this.#stopping && rest.every((each) => this.#isStoppedLast(each))) {
      for (const each of rest) if (each.state.kind !== 'stopping') this.#stop(each);
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
