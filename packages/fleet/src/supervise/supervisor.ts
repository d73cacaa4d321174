import type { Clock, Timer } from '@flotilla/contracts';
import type { FleetEvent } from './fleet-event.ts';
import {
  advance,
  firstState,
  isDone,
  isHeld,
  isOver,
  type ProcessEnd,
  type ProcessEvent,
  type ProcessState,
} from './process-state.ts';
import type {
  ProcessListener,
  ProcessSnapshot,
  RunningProcess,
  SupervisedProcess,
  Watch,
} from './supervised-process.ts';

/** The options of {@link Supervisor}. */
export interface SupervisorOptions {
  readonly spawn: (name: string, listener: ProcessListener) => RunningProcess;
  /** Calls `onHung` if the program at `live` has not answered for too long. */
  readonly watch: (name: string, live: string, process: RunningProcess, onHung: (silentMs: number) => void) => Watch;
  readonly clock: Clock;
  readonly tell: (event: FleetEvent) => void;
}

/** What a program takes beyond its own limit is not meant: it ends by itself before. */
const stopMarginMs = 1_000;
/** How long what only looks on waits for the others. It does not take from what they need to start, but is there if they cannot. */
const longestWaitMs = 5_000;

interface Supervised extends SupervisedProcess {
  state: ProcessState;
  process: RunningProcess | undefined;
  timer: Timer | undefined;
  watch: Watch | undefined;
  /** How long it may take to stop; undefined until it has said so. */
  stopLimitMs: number | undefined;
  startedMs: number | undefined;
  restarts: number;
  /** Whether it is forgotten once it has ended. */
  leaving: boolean;
}

/** Starts, restarts and stops processes. `process-state.ts` makes the decisions. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #fleet = new Map<string, Supervised>();
  #wasAllReady = false;
  #wasAllOver = false;
  #stopping = false;
  #hasWaited = false;

  constructor(processes: readonly SupervisedProcess[], options: SupervisorOptions) {
    this.#options = options;
    for (const each of processes) this.#enlist(each);
  }

  /** Starts all processes at once, except those that wait for others. */
  startAll(): void {
    this.#options.clock.after(longestWaitMs, () => {
      this.#hasWaited = true;
      if (!this.#wasAllOver) this.#proceed();
    });
    this.#proceed();
  }

  /** Stops all processes for good; with `hurry`, on a second call, kills those that still run. */
  stopAll(hurry = false): void {
    const hurried = this.#stopping && hurry;
    this.#stopping = true;
    for (const each of this.#fleet.values()) {
      if (hurried) this.#apply(each, { kind: 'end' });
      // It is not started again, whatever it was to do next.
      else if (each.state.kind === 'stopping') this.#stop(each);
    }
    this.#proceed();
  }

  /** Starts a process that has ended or waits, whatever it waits for. Throws if the name is unknown. */
  start(name: string): void {
    this.#apply(this.#named(name), { kind: 'start' });
    this.#proceed();
  }

  /** Stops a process until it is started again. */
  stop(name: string): void {
    this.#stop(this.#named(name));
    this.#proceed();
  }

  /**
   * Starts a process anew. With `onTrial` because its files have changed: if it then ends before it is ready, it waits for
   * the next change instead of being started again and again.
   */
  restart(name: string, { onTrial = false }: { readonly onTrial?: boolean } = {}): void {
    const each = this.#named(name);
    each.watch?.stop();
    this.#apply(each, { kind: 'restart', limitMs: each.stopLimitMs, onTrial });
    this.#proceed();
  }

  /** Asks a serving process to reload its configuration. */
  reload(name: string): void {
    const each = this.#named(name);
    if (each.state.kind === 'ready') each.process?.reload();
  }

  /** Adds a process and starts it. */
  add(process: SupervisedProcess): void {
    this.#enlist(process);
    this.#proceed();
  }

  /** Stops a process and removes it. */
  remove(name: string): void {
    const each = this.#named(name);
    each.leaving = true;
    this.#stop(each);
    this.#proceed();
  }

  /** The current state of all processes, in the order in which they were added. */
  snapshot(): readonly ProcessSnapshot[] {
    return [...this.#fleet.values()].map(({ name, program, state, process, startedMs, restarts }) => ({
      name,
      program,
      state,
      pid: process?.pid,
      startedMs,
      restarts,
    }));
  }

  #enlist(process: SupervisedProcess): void {
    const known = this.#fleet.get(process.name);
    if (known?.leaving === true) {
      // Its predecessor is still stopping: it begins when that has ended.
      this.#fleet.set(process.name, Object.assign(known, process, { leaving: false }));
      this.#apply(known, { kind: 'start' });
      return;
    }
    if (known !== undefined) throw new TypeError(`a process named ${process.name} already exists`);
    const idle = { process: undefined, timer: undefined, watch: undefined, stopLimitMs: undefined };
    this.#fleet.set(process.name, {
      ...process,
      ...idle,
      state: firstState,
      startedMs: undefined,
      restarts: 0,
      leaving: false,
    });
  }

  #named(name: string): Supervised {
    const each = this.#fleet.get(name);
    if (each === undefined) throw new TypeError(`no process is named ${name}`);
    return each;
  }

  #stop(each: Supervised): void {
    each.watch?.stop();
    const ran = each.process !== undefined || isOver(each.state);
    this.#apply(each, { kind: 'stop', limitMs: each.stopLimitMs });
    if (!ran) this.#options.tell({ kind: 'stopped', name: each.name });
    if (each.leaving && isOver(each.state)) this.#fleet.delete(each.name);
  }

  #spawn(each: Supervised): void {
    each.stopLimitMs = undefined;
    each.startedMs = this.#options.clock.monotonicMs();
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
    if (each.state.kind !== 'starting') return;
    const again = each.state.crashes > 0 || each.state.wasReady;
    this.#apply(each, { kind: 'ready', url });
    this.#options.tell({ kind: 'ready', name: each.name, url, again });
    this.#proceed();
  }

  #onExit(each: Supervised, end: ProcessEnd): void {
    const { clock, tell } = this.#options;
    const ranMs = clock.monotonicMs() - (each.startedMs ?? 0);
    each.process = undefined;
    each.startedMs = undefined;
    each.watch?.stop();
    this.#apply(each, { kind: 'exit', end });
    const { name, state } = each;
    if (state.kind === 'stopped') tell({ kind: 'stopped', name });
    else if (state.kind === 'misconfigured') tell({ kind: 'misconfigured', name });
    else if (state.kind === 'ended') tell({ kind: 'ended', name, end, onTrial: state.onTrial });
    else if (state.kind === 'waiting') {
      each.restarts += 1;
      tell({ kind: 'crashed', name, end, ranMs, restartInMs: Math.max(0, state.dueMs - clock.monotonicMs()) });
    }
    if (each.leaving && isOver(each.state)) this.#fleet.delete(name);
    this.#proceed();
  }

  #apply(each: Supervised, event: ProcessEvent): void {
    const { clock } = this.#options;
    const step = advance(each.state, event, clock.monotonicMs(), each.policy);
    if (step.state !== each.state) {
      const before = each.state;
      each.state = step.state;
      // Somebody has asked for the same again: its time goes on.
      const goesOn = 'dueMs' in before && 'dueMs' in step.state && before.dueMs === step.state.dueMs;
      if (!goesOn) each.timer?.cancel();
      if (!goesOn && 'dueMs' in step.state) {
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

  /** What follows from the states of all: starting and stopping those whose turn it is, and telling what is true of the whole. */
  #proceed(): void {
    const fleet = [...this.#fleet.values()];
    for (const each of fleet) {
      if (this.#stopping) {
        if (!isOver(each.state) && each.state.kind !== 'stopping' && this.#mayStop(each, fleet)) this.#stop(each);
      } else if (each.state.kind === 'idle' && this.#mayStart(each)) this.#apply(each, { kind: 'start' });
    }
    this.#tellOfAll(fleet);
  }

  #tellOfAll(fleet: readonly Supervised[]): void {
    const isUp = ({ state }: Supervised): boolean =>
      state.kind === 'ready' || (state.kind === 'ended' && !isHeld(state));
    const doers = doersOf(fleet);
    if (!this.#wasAllReady && doers.every(isUp)) {
      this.#wasAllReady = true;
      this.#options.tell({ kind: 'all-ready' });
      // Now it is the turn of those that look on.
      this.#proceed();
      return;
    }
    const isForGood = this.#stopping || !doers.some(({ state }) => isHeld(state));
    if (!this.#stopping && isForGood && doers.every(({ state }) => isOver(state)))
      for (const each of fleet) if (!isOver(each.state) && each.state.kind !== 'stopping') this.#stop(each);
    if (!this.#wasAllOver && isForGood && fleet.every(({ state }) => isOver(state))) {
      this.#wasAllOver = true;
      this.#options.tell({ kind: 'all-stopped' });
    }
  }

  #mayStart({ after, looksOn }: Supervised): boolean {
    const fleet = [...this.#fleet.values()];
    const isFirst = !this.#wasAllReady && !this.#hasWaited;
    if (looksOn && isFirst && fleet.some((each) => !each.looksOn)) return false;
    return after.every((name) => {
      const needed = this.#fleet.get(name);
      return needed === undefined || isDone(needed.state);
    });
  }

  /** Not before those that need it, the registry not before anybody else, and what looks on not before the registry. */
  #mayStop(each: Supervised, fleet: readonly Supervised[]): boolean {
    return fleet.every(
      (other) =>
        isOver(other.state) ||
        !(other.after.includes(each.name) || (each.stopsLast && !other.stopsLast) || (each.looksOn && !other.looksOn)),
    );
  }
}

/** Those that the fleet is there for: all, unless some of them only look on. */
function doersOf(fleet: readonly Supervised[]): readonly Supervised[] {
  const doers = fleet.filter(({ looksOn }) => !looksOn);
  return doers.length === 0 ? fleet : doers;
}
