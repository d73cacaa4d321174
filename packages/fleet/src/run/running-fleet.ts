import type { Clock } from '@flotilla/contracts';
import { isDebugged, watchLiveness } from '@flotilla/kit/liveness';
import type { Program } from '../config/fleet.ts';
import type { PlacedSpec } from '../plan/placed-spec.ts';
import type { Announcement } from '../register/keep-announced.ts';
import { askLiveness } from '../supervise/ask-liveness.ts';
import type { FleetEvent } from '../supervise/fleet-event.ts';
import { HeldSockets } from '../supervise/held-sockets.ts';
import { OrphanGuard } from '../supervise/orphan-guard.ts';
import type { OutputSink } from '../supervise/output-sink.ts';
import { defaultRestartPolicy, type ProcessEnd, type ProcessState } from '../supervise/process-state.ts';
import { spawnProgram } from '../supervise/spawn-program.ts';
import type {
  ProcessListener,
  ProcessSnapshot,
  RunningProcess,
  SupervisedProcess,
  Watch,
} from '../supervise/supervised-process.ts';
import { Supervisor } from '../supervise/supervisor.ts';
import { announce } from './announce.ts';
import { type FleetLogger, silent } from './fleet-logger.ts';
import { processNames } from './process-names.ts';
import { tellReadiness } from './tell-readiness.ts';
import { wellnessOf } from './wellness.ts';

/** The options of {@link RunningFleet}. */
export interface FleetOptions {
  /** The processes to run, complete. */
  readonly specs: readonly PlacedSpec[];
  readonly clock: Clock;
  /** A program that has not answered for this long is restarted; 0: never. */
  readonly hangLimitMs: number;
  /** Where the output of a process goes; called at each of its starts. */
  readonly output: (name: string, from: 'stdout' | 'stderr') => OutputSink;
  readonly tell: (event: FleetEvent) => void;
  /** Logs for processes that do not log these events themselves. Default: no log. */
  readonly logger?: (name: string) => FleetLogger;
  /** Why a process ended, judging by its output. Default: unknown. */
  readonly judge?: (name: string, end: ProcessEnd) => ProcessEnd;
  /** Plans one more instance of a program: `number` counts from 1. */
  readonly plan: (program: Program, number: number) => Promise<PlacedSpec>;
  /**
   * Whether connections may wait while a program is started again. Default true; tests want a program that is away to
   * refuse them.
   */
  readonly keepsSockets?: boolean;
  /** Whether the programs keep this process alive. Default: true; a test that forgets its fleet still has to end. */
  readonly keepsAlive?: boolean;
}

/** A connection may wait in a queue for a program that comes at once; for one that keeps crashing it is better refused. */
const longestQueueMs = 500;

/** How long callers may still be on their way to a process that was signed off: it takes that news some milliseconds to reach them. */
const settleMs = 100;

/** The processes of a fleet, supervised. */
export class RunningFleet {
  readonly #options: FleetOptions;
  readonly #specs = new Map<string, PlacedSpec>();
  readonly #sockets = new Map<string, HeldSockets>();
  readonly #leftBehind = new Set<() => void>();
  readonly #guard = new OrphanGuard();
  readonly #supervisor: Supervisor;
  /** Resolves when the fleet's registry is ready for the first time, or at once if it has none. */
  readonly #registryUp: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  /** The last wish for other numbers of instances: two at once would count the same ones. */
  #scaling: Promise<boolean> = Promise.resolve(true);

  constructor(options: FleetOptions) {
    this.#options = options;
    for (const spec of options.specs) this.#specs.set(spec.name, spec);
    for (const spec of options.specs) {
      // Of several instances one that is away had better refuse: the gateway then asks another at once.
      if (options.keepsSockets !== false && this.#namesOf(spec.program.name).length === 1)
        this.#sockets.set(spec.name, new HeldSockets());
    }
    if (options.specs.every(({ program }) => program.role !== 'registry')) this.#registryUp.resolve();
    this.#supervisor = new Supervisor(options.specs.map(supervised), {
      clock: options.clock,
      tell: (event) => this.#tell(event),
      watch: (...watched) => this.#watch(...watched),
      spawn: (name, listener) => this.#spawn(name, listener),
    });
  }

  /** The processes, in the order in which to show them. */
  get specs(): readonly PlacedSpec[] {
    return [...this.#specs.values()];
  }

  /** Starts all processes. */
  startAll(): void {
    this.#supervisor.startAll();
  }

  /** Stops all processes for good; with `hurry`, on a second call, at once. */
  stopAll(hurry = false): void {
    for (const held of this.#sockets.values()) held.end();
    this.#supervisor.stopAll(hurry);
  }

  /** Ends what programs have left behind to finish its work: nobody will wait for it. Once all have stopped. */
  endRest(): void {
    for (const kill of this.#leftBehind) kill();
  }

  /** Starts a process, or all of a program. Returns false if the name is unknown, as do the methods below. */
  start(name: string): boolean {
    return this.#each(name, (process) => this.#supervisor.start(process));
  }

  /** Stops a process, or all of a program, until it is started again. */
  stop(name: string): boolean {
    return this.#each(name, (process) => this.stopProcess(process));
  }

  /** Starts only this process, even if a program has the same name. Throws if the name is unknown. */
  startProcess(name: string): void {
    this.#supervisor.start(name);
  }

  /** Stops only this process, even if a program has the same name. Throws if the name is unknown. */
  stopProcess(name: string): void {
    this.#sockets.get(name)?.release();
    this.#supervisor.stop(name);
  }

  /** Restarts a process, or all of a program. */
  restart(name: string): boolean {
    return this.#each(name, (process) => this.#supervisor.restart(process));
  }

  /** Restarts the running and failed processes of a program whose files have changed; stopped ones stay stopped. */
  retry(program: string): void {
    const states = new Map(this.snapshot().map(({ name, state }) => [name, state]));
    const isLeft = (state: ProcessState | undefined): boolean =>
      state?.kind === 'stopped' || (state?.kind === 'stopping' && state.next === 'stay');
    for (const name of this.#namesOf(program))
      if (!isLeft(states.get(name))) this.#supervisor.restart(name, { onTrial: true });
  }

  /** Asks a process, or all of a program, to reload its configuration. */
  reload(name: string): boolean {
    return this.#each(name, (process) => this.#supervisor.reload(process));
  }

  /** Runs this many instances of a program: new ones get free ports, the last ones stop. Calls are carried out one after the other. */
  scale(program: string, instances: number): Promise<boolean> {
    const done = this.#scaling.then(() => this.#scale(program, instances));
    this.#scaling = done.catch(() => false);
    return done;
  }

  async #scale(program: string, instances: number): Promise<boolean> {
    const names = this.#namesOf(program);
    const known = [...this.#specs.values()].find((spec) => spec.program.name === program)?.program;
    if (known === undefined) return false;
    for (const name of names.slice(instances)) {
      this.#sockets.get(name)?.end();
      this.#specs.delete(name);
      this.#supervisor.remove(name);
    }
    for (let number = names.length + 1; number <= instances; number += 1) {
      const spec = await this.#options.plan(known, number);
      this.#specs.set(spec.name, spec);
      this.#supervisor.add(supervised(spec));
    }
    return true;
  }

  /** The current state of all processes. */
  snapshot(): readonly ProcessSnapshot[] {
    return this.#supervisor.snapshot();
  }

  #namesOf(program: string): readonly string[] {
    return this.specs.filter((spec) => spec.program.name === program).map(({ name }) => name);
  }

  #each(name: string, run: (process: string) => void): boolean {
    const names = processNames(this.specs, name);
    for (const each of names) run(each);
    return names.length > 0;
  }

  #tell(event: FleetEvent): void {
    if (event.kind === 'ready' && this.#specs.get(event.name)?.program.role === 'registry') this.#registryUp.resolve();
    if (event.kind === 'crashed' && event.restartInMs > longestQueueMs) this.#sockets.get(event.name)?.release();
    if (event.kind === 'all-stopped') this.#guard.close();
    this.#options.tell(event);
  }

  #watch(name: string, live: string, { pid }: RunningProcess, onHung: (silentMs: number) => void): Watch {
    const { clock, hangLimitMs } = this.#options;
    if (hangLimitMs === 0) return { stop: () => undefined };
    return watchLiveness({
      clock,
      limitMs: hangLimitMs,
      answers: (timeoutMs) => askLiveness(live, timeoutMs),
      isDebugged: () => isDebugged(pid, this.#specs.get(name)?.env ?? {}),
      onHung,
    });
  }

  #spawn(name: string, listener: ProcessListener): RunningProcess {
    const { output, clock, judge = (_, end) => end } = this.#options;
    const spec = this.#specs.get(name);
    if (spec === undefined) throw new Error(`no process is named ${name}`);
    const wellness = wellnessOf(spec);
    let announcement: Announcement | undefined;
    const told: ProcessListener = {
      ...listener,
      ready: (url, live) => {
        listener.ready(url, live);
        const logger = this.#options.logger?.(name) ?? silent;
        announcement ??= announce(spec, wellness, {
          clock,
          logger,
          registryUp: this.#registryUp.promise,
          onRegistered: () => listener.registered(),
        });
      },
      exited(end) {
        stopAsking();
        void announcement?.end();
        listener.exited(judge(name, end));
      },
    };
    const running = spawnProgram(
      {
        launch: spec.program.launch,
        cwd: spec.program.folder,
        env: spec.env,
        stdout: output(name, 'stdout'),
        stderr: output(name, 'stderr'),
        sockets: this.#sockets.get(name),
        leftBehind: this.#leftBehind,
        guard: this.#guard,
        knowsUs: wellness === undefined,
        keepsAlive: this.#options.keepsAlive ?? true,
      },
      told,
    );
    const stopAsking = running.pid === undefined ? () => undefined : tellReadiness(spec, wellness, clock, told);
    return {
      ...running,
      terminate() {
        if (announcement === undefined) running.terminate();
        // Nobody is sent to it any more when it begins to stop. Those who have looked it up before have a moment to ask.
        else void announcement.end().then(() => clock.after(settleMs, () => running.terminate()));
      },
    };
  }
}

function supervised({ name, program, after }: PlacedSpec): SupervisedProcess {
  const { restart, stopLimitMs = defaultRestartPolicy.stopLimitMs } = program;
  const policy = { ...defaultRestartPolicy, rule: restart, stopLimitMs };
  const looksOn = program.role === 'dashboard';
  // What the others say while they stop is still taken, as the registry takes it that they sign off.
  return { name, program: program.name, after, looksOn, stopsLast: looksOn || program.role === 'registry', policy };
}
