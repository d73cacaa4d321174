import { systemClock } from '@flotilla/contracts';
import type { PlacedSpec } from '@flotilla/fleet/plan';
import { type PreparedFleet, RunningFleet } from '@flotilla/fleet/run';
import type { FleetEvent, ProcessEnd } from '@flotilla/fleet/supervise';
import { EndWithTest } from './end-with-test.ts';
import { ProgramOutput } from './program-output.ts';

type Prepared = Extract<PreparedFleet, { readonly ok: true }>;

/** A process that ended although nobody had told it to. */
export interface UnexpectedEnd {
  readonly name: string;
  /** `with exit code 1`, `by SIGKILL`. */
  readonly how: string;
}

/** How long a graceful end may take before what still runs is killed. */
const stopLimitMs = 5_000;

/** The processes of a test's fleet: supervised as `flotilla up` does it, but for what ends is not started again. */
export class FleetProcesses {
  readonly specs: readonly PlacedSpec[];
  readonly unexpected: UnexpectedEnd[] = [];
  readonly #running: RunningFleet;
  readonly #outputs = new Map<string, ProgramOutput>();
  readonly #ready = new Map<string, string>();
  readonly #registered = new Set<string>();
  /** Those that run and are not meant to end now. */
  readonly #wanted = new Set<string>();
  readonly #listeners = new Set<() => void>();
  /** Only commands need it: programs of Node have a channel that tells them. */
  readonly #watcher: EndWithTest | undefined;
  #isOver = false;

  constructor(prepared: Prepared, specs: readonly PlacedSpec[]) {
    this.specs = specs;
    for (const { name } of specs) this.#outputs.set(name, new ProgramOutput());
    const hasCommands = specs.some(({ program }) => program.launch.kind === 'command');
    this.#watcher = hasCommands ? new EndWithTest() : undefined;
    this.#running = new RunningFleet({
      specs: specs.map(neverRestarted),
      plan: prepared.plan,
      clock: systemClock,
      hangLimitMs: 0,
      keepsSockets: false,
      keepsAlive: false,
      output: (name, from) => ({ push: (chunk) => this.output(name).push(from, chunk), end: () => undefined }),
      tell: (event) => {
        this.#note(event);
        for (const listener of this.#listeners) listener();
      },
    });
  }

  /** Where it serves; undefined while it does not. */
  urlOf(name: string): string | undefined {
    return this.#ready.get(name);
  }

  isRegistered(name: string): boolean {
    return this.#registered.has(name);
  }

  isRunning(name: string): boolean {
    return this.#running.snapshot().some((each) => each.name === name && each.pid !== undefined);
  }

  /** Whether it was started, and nobody has ended it since. */
  isWanted(name: string): boolean {
    return this.#wanted.has(name);
  }

  output(name: string): ProgramOutput {
    return this.#outputs.get(name) ?? new ProgramOutput();
  }

  /** Its end was what the test wanted. */
  forgive(name: string): void {
    const rest = this.unexpected.filter((end) => end.name !== name);
    this.unexpected.splice(0, this.unexpected.length, ...rest);
  }

  startAll(): void {
    for (const { name } of this.specs) this.#wanted.add(name);
    this.#running.startAll();
  }

  start(name: string): void {
    this.#wanted.add(name);
    this.#running.start(name);
  }

  stop(name: string): void {
    this.#wanted.delete(name);
    this.#running.stop(name);
  }

  /** Sends a signal to a process and to what it has started; it may end of it. */
  kill(name: string, signal: NodeJS.Signals): void {
    this.#wanted.delete(name);
    for (const each of this.#running.snapshot())
      if (each.name === name && each.pid !== undefined) signalGroup(each.pid, signal);
  }

  /** Ends all at once, and waits for nothing: the test's own process ends. */
  killAll(): void {
    for (const { name } of this.specs) this.kill(name, 'SIGKILL');
  }

  /**
   * Ends all of them. `gracefully`: as a fleet is stopped, which takes as long as clients keep their connections, and lets
   * programs write what they write at their end; what does not stop is killed.
   */
  async endAll(gracefully: boolean): Promise<void> {
    this.#wanted.clear();
    this.#running.stopAll();
    const limit = setTimeout(() => this.#running.stopAll(true), gracefully ? stopLimitMs : 0);
    await this.until(2 * stopLimitMs, () => this.#isOver);
    clearTimeout(limit);
    this.#running.endRest();
    this.#watcher?.close();
  }

  /**
   * Waits until `condition` holds, looked at whenever something happens to a process; false: it did not within `limitMs`.
   * Keeps this process alive meanwhile, which the programs themselves do not.
   */
  until(limitMs: number, condition: () => boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (holds: boolean): void => {
        clearTimeout(limit);
        this.#listeners.delete(look);
        resolve(holds);
      };
      const look = (): void => {
        if (condition()) settle(true);
      };
      const limit = setTimeout(() => settle(false), limitMs);
      this.#listeners.add(look);
      look();
    });
  }

  #note(event: FleetEvent): void {
    switch (event.kind) {
      case 'ready':
        this.#ready.set(event.name, event.url);
        return;
      case 'registered':
        this.#registered.add(event.name);
        return;
      case 'ended':
        // A program that is there to do one thing has done it.
        if (event.end.code === 0 && !this.#isForEver(event.name)) this.#wanted.delete(event.name);
        return this.#ended(event.name, howItEnded(event.end));
      case 'crashed':
        return this.#ended(event.name, howItEnded(event.end));
      case 'misconfigured':
        return this.#ended(event.name, 'because it cannot start like this');
      case 'stopped':
        return this.#ended(event.name, 'as it was told to');
      case 'all-stopped':
        this.#isOver = true;
        return;
      case 'started':
        if (this.#specOf(event.name)?.program.launch.kind === 'command') this.#watcher?.add(event.name, event.pid);
        return;
      case 'hung':
      case 'overdue':
      case 'all-ready':
        return;
      default:
        event satisfies never;
    }
  }

  #specOf(name: string): PlacedSpec | undefined {
    return this.specs.find((spec) => spec.name === name);
  }

  #isForEver(name: string): boolean {
    return this.#specOf(name)?.program.restart.when === 'always';
  }

  #ended(name: string, how: string): void {
    this.#watcher?.delete(name);
    this.#ready.delete(name);
    this.#registered.delete(name);
    if (this.#wanted.delete(name)) this.unexpected.push({ name, how });
  }
}

function neverRestarted(spec: PlacedSpec): PlacedSpec {
  return { ...spec, program: { ...spec.program, restart: { ...spec.program.restart, most: 0 } } };
}

function howItEnded({ code, signal }: ProcessEnd): string {
  return signal === null ? `with exit code ${code}` : `by ${signal}`;
}

/** Each process leads a group, where the system has groups. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Nothing of it is left.
  }
}
