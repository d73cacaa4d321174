import type { Clock } from '@flotilla/contracts';
import { nearestName } from '@flotilla/kit/sources';
import { mostInstances } from '../config/check-program.ts';
import { processNames } from '../run/process-names.ts';
import type { ProcessSnapshot } from '../supervise/supervised-process.ts';
import {
  type ControlAction,
  type ControlProblem,
  controlProtocol,
  type FleetReport,
  type ProcessReport,
} from './control-types.ts';
import { type MeasuredUsage, type ReportedSpec, reportProcess } from './process-report.ts';
import { groupUsages } from './process-usage.ts';

/** A fleet that can be controlled, such as `RunningFleet`. */
export interface ControlledFleet {
  readonly specs: readonly {
    readonly name: string;
    readonly port?: number | undefined;
    readonly after: readonly string[];
    readonly program: { readonly name: string; readonly role: string; readonly singleBecause?: string };
  }[];
  snapshot(): readonly ProcessSnapshot[];
  start(name: string): boolean;
  stop(name: string): boolean;
  restart(name: string): boolean;
  scale(program: string, instances: number): Promise<boolean>;
}

/** What {@link ControlDesk} needs. */
export interface ControlDeskOptions {
  readonly fleet: ControlledFleet;
  readonly clock: Clock;
  readonly version: string;
  /** Of the supervisor. */
  readonly pid: number;
  /** The project's folder. */
  readonly folder: string;
  /** When the fleet was started, on the clock's monotonic scale. */
  readonly startedMs: number;
  /** Stops the whole fleet; with `hurry` at once. */
  readonly stopAll: (hurry: boolean) => void;
  /** Called with each request of a client before it is carried out. Default: not called. */
  readonly asked?: (action: ControlAction, names: readonly string[]) => void;
  /** The settings that a process really uses, as it reports them. Rejects if it cannot. */
  readonly settingsOf: (name: string) => Promise<string>;
}

/** How long CPU time is measured: less is inaccurate, more keeps people waiting. */
const measuredMs = 250;

/** A request that is refused; its problem is the answer. */
export class RefusedWish extends Error {
  readonly problem: ControlProblem;

  constructor(problem: ControlProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Carries out the requests of clients. Throws {@link RefusedWish} for each one that it refuses. */
export class ControlDesk {
  readonly #options: ControlDeskOptions;
  #stopping = false;

  constructor(options: ControlDeskOptions) {
    this.#options = options;
  }

  /** The current state of the fleet; with `usage` also its resource usage, which takes a moment. */
  async report(usage: boolean): Promise<FleetReport> {
    const { fleet, clock, version, pid, folder, startedMs } = this.#options;
    const measured = usage ? await this.#measure() : new Map<number, MeasuredUsage>();
    const nowMs = clock.monotonicMs();
    const specs = new Map(fleet.specs.map((spec) => [spec.name, spec]));
    return {
      protocol: controlProtocol,
      version,
      pid,
      folder,
      uptimeMs: Math.round(nowMs - startedMs),
      processes: fleet.snapshot().map((snapshot): ProcessReport => {
        const spec = specs.get(snapshot.name);
        const known: ReportedSpec | undefined =
          spec === undefined
            ? undefined
            : {
                role: spec.program.role,
                singleBecause: spec.program.singleBecause,
                port: spec.port,
                after: spec.after,
              };
        return reportProcess(snapshot, known, nowMs, measured.get(snapshot.pid ?? -1));
      }),
    };
  }

  /** Starts, stops or restarts a process, or all of a program; returns their names. */
  act(action: ControlAction, name: string): readonly string[] {
    this.#refuseWhileStopping();
    const names = this.namesOf(name);
    this.#options.asked?.(action, names);
    this.#options.fleet[action](name);
    return names;
  }

  /** Runs this many instances of a program. */
  async scale(program: string, instances: number): Promise<void> {
    this.#refuseWhileStopping();
    const { fleet } = this.#options;
    const spec = fleet.specs.find((each) => each.program.name === program);
    if (spec === undefined) throw this.#unknown(program, [...new Set(fleet.specs.map((each) => each.program.name))]);
    if (!Number.isInteger(instances) || instances < 1 || instances > mostInstances) {
      const hint = instances === 0 ? ` To stop it: flotilla stop ${program}.` : '';
      throw new RefusedWish({
        code: 'BAD_REQUEST',
        message: `${program} cannot run ${instances} times: the number is a whole one from 1 to ${mostInstances}.${hint}`,
      });
    }
    if (instances > 1 && spec.program.singleBecause !== undefined) {
      throw new RefusedWish({
        code: 'REFUSED',
        message: `${program} runs once on a machine, because ${spec.program.singleBecause}.`,
      });
    }
    await fleet.scale(program, instances);
  }

  /** Stops the whole fleet. */
  stopAll(hurry: boolean): void {
    this.#stopping = true;
    this.#options.stopAll(hurry);
  }

  /** The settings that a process really uses. */
  async settings(name: string): Promise<string> {
    const [first = name] = this.namesOf(name);
    try {
      return await this.#options.settingsOf(first);
    } catch (error) {
      throw new RefusedWish({ code: 'REFUSED', message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** The processes with this name: one, or all of a program. */
  namesOf(name: string): readonly string[] {
    const { specs } = this.#options.fleet;
    const found = processNames(specs, name);
    if (found.length > 0) return found;
    throw this.#unknown(name, [...new Set(specs.flatMap((spec) => [spec.program.name, spec.name]))]);
  }

  /** Whether `name` means the process. */
  isCalled(process: string, name: string): boolean {
    return processNames(this.#options.fleet.specs, name).includes(process);
  }

  #unknown(name: string, names: readonly string[]): RefusedWish {
    const meant = nearestName(name, names);
    const hint = meant === undefined ? `Choose one of: ${names.join(', ')}.` : `Did you mean ${meant}?`;
    return new RefusedWish({
      code: 'UNKNOWN_NAME',
      message: `Unknown program "${name}" in the running fleet. ${hint}`,
      names,
    });
  }

  #refuseWhileStopping(): void {
    if (!this.#stopping) return;
    throw new RefusedWish({
      code: 'REFUSED',
      message: 'The fleet is stopping. Wait until it has stopped, then: flotilla up',
    });
  }

  async #measure(): Promise<Map<number, MeasuredUsage>> {
    const { fleet, clock } = this.#options;
    const pids = new Set(fleet.snapshot().flatMap(({ pid }) => pid ?? []));
    const before = await groupUsages(pids);
    const beganMs = clock.monotonicMs();
    await new Promise<void>((resolve) => clock.after(measuredMs, resolve));
    const after = await groupUsages(pids);
    const tookMs = clock.monotonicMs() - beganMs;
    return new Map(
      [...after].map(([pid, { cpuMs, memoryBytes }]) => {
        const earlier = before.get(pid);
        const cpuPercent =
          earlier === undefined ? null : Math.round(Math.max(0, ((cpuMs - earlier.cpuMs) / tookMs) * 100));
        return [pid, { memoryBytes, cpuPercent }];
      }),
    );
  }
}
