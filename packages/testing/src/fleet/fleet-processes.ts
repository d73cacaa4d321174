import { systemClock } from '@flotilla/contracts/clock';
import type { PlacedSpec } from '@flotilla/fleet/plan';
import { type PreparedFleet, RunningFleet } from '@flotilla/fleet/run';
import type { FleetEvent, ProcessEnd } from '@flotilla/fleet/supervise';
import { EndWithTest } from './end-with-test.ts';
import { ProgramOutput } from './program-output.ts';

type Prepared = Extract<PreparedFleet, { readonly ok: true }>;

/** A program that ended without being told to. */
export interface UnexpectedEnd {
  readonly name: string;
  /** `with exit code 1`, `by SIGKILL`. */
  readonly how: string;
}

/** How long a graceful end may take before what still runs is killed. */
const stopLimitMs = 5_000;

/** The processes of a fleet in a test. Supervised as in `flotilla up`, except that nothing is restarted. */
export class FleetProcesses {
  readonly specs: readonly PlacedSpec[];
  readonly unexpected: UnexpectedEnd[] = [];
  readonly #running: RunningFleet;
  readonly #outputs = new Map<string, ProgramOutput>();
  readonly #ready = new Map<string, string>();
  /** Programs that the test has started and not ended. */
  readonly #wanted = new Set<string>();
  readonly #listeners = new Set<() => void>();
  /** Only for commands. Node programs notice by their IPC channel that the test has ended. */
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

  isRunning(name: string): boolean {
    return this.#running.snapshot().some((each) => each.name === name && each.pid !== undefined);
  }

  /** Whether the test has started it and not ended it. */
  isWanted(name: string): boolean {
    return this.#wanted.has(name);
  }

  output(name: string): ProgramOutput {
    return this.#outputs.get(name) ?? new ProgramOutput();
  }

  /** Accepts that a program has ended. */
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
    this.#running.startProcess(name);
  }

  stop(name: string): void {
    this.#wanted.delete(name);
    this.#running.stopProcess(name);
  }

  kill(name: string): void {
    this.#wanted.delete(name);
    this.signal(name, 'SIGKILL');
  }

  /** Sends a signal to a process and everything it has started. */
  signal(name: string, signal: NodeJS.Signals): void {
    for (const each of this.#running.snapshot())
      if (each.name === name && each.pid !== undefined) signalGroup(each.pid, signal);
  }

  /** Kills all of them and does not wait: the test's own process is about to exit. */
  killAll(): void {
    for (const { name } of this.specs) this.kill(name);
  }

  /**
   * Ends all of them. `gracefully`: like `flotilla stop`, so that programs can write what they write at exit. This may take a second,
   * because a gateway waits for clients that keep their connections open. Programs that do not stop are killed.
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
   * Waits until `condition` is true, checking it after every event of a process; resolves with false after `limitMs`. The programs
   * do not keep this process alive; waiting here does.
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
      case 'ended':
        // A task has done its work.
        if (event.end.code === 0 && !this.#isForEver(event.name)) this.#wanted.delete(event.name);
        return this.#ended(event.name, howItEnded(event.end));
      case 'crashed':
        return this.#ended(event.name, howItEnded(event.end));
      case 'misconfigured':
        return this.#ended(event.name, 'because its configuration is wrong');
      case 'stopped':
        return this.#ended(event.name, 'because it was told to');
      case 'all-stopped':
        this.#isOver = true;
        return;
      case 'started':
        if (this.#specOf(event.name)?.program.launch.kind === 'command') this.#watcher?.add(event.name, event.pid);
        return;
      case 'registered':
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
