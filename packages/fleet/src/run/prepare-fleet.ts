import { findMissing } from '../config/find-missing.ts';
import type { Fleet, Program } from '../config/fleet.ts';
import { finishEnvironments } from '../plan/finish-environments.ts';
import { readOwnFiles } from '../plan/own-files.ts';
import type { PlacedSpec } from '../plan/placed-spec.ts';
import { type PlanInput, type ProcessSpec, planFleet } from '../plan/plan-fleet.ts';
import { placePorts } from '../ports/place-ports.ts';

/** Which programs of a fleet to run, and how. */
export interface Wishes {
  readonly fleet: Fleet;
  /** Default: all programs. */
  readonly only?: readonly Program[];
  /** Numbers of instances that override the fleet file. Default: none. */
  readonly scale?: ReadonlyMap<string, number>;
  /** Whether all programs use free ports instead of their usual ones. Default: false. */
  readonly freePorts?: boolean;
  /** The folder for data; undefined: the one in the fleet file. */
  readonly dataFolder?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A number from 0 up to 1, to choose ports with. */
  readonly random: () => number;
}

/** Processes with their ports and environments, or why they cannot start. */
export type PreparedFleet =
  | {
      readonly ok: true;
      readonly specs: readonly PlacedSpec[];
      /** Plans one more instance of a program: `number` counts from 1. */
      readonly plan: (program: Program, number: number) => Promise<PlacedSpec>;
    }
  | {
      readonly ok: false;
      readonly problems: readonly string[];
      /** As they would be, but for their ports: enough to ask programs what is wrong with their settings. */
      readonly specs: readonly PlacedSpec[];
    };

/** Plans the processes of a fleet and finds ports for them. Reports all problems at once, before anything starts. */
export async function prepareFleet(wishes: Wishes): Promise<PreparedFleet> {
  const { fleet, only = fleet.programs, env, random } = wishes;
  const input: PlanInput = {
    programs: fleet.programs,
    only,
    scale: wishes.scale ?? new Map(),
    freePorts: wishes.freePorts ?? false,
    dataFolder: wishes.dataFolder ?? fleet.dataFolder,
    env,
    files: readOwnFiles(only, env),
  };
  const plan = planFleet(input);
  const placement = await placePorts(plan.specs, random);
  const problems = [
    ...(only.length === 0 ? ['Nothing to run: the fleet has no programs.'] : []),
    ...findMissing(only, env['PATH'] ?? ''),
    ...plan.problems,
    ...(placement.ok ? [] : [placement.message]),
  ];
  if (!placement.ok || problems.length > 0) {
    const specs = finishEnvironments(placement.ok ? placement.placed : plan.specs.map(unplaced), fleet.folder);
    return { ok: false, problems, specs };
  }
  const placed = [...placement.placed];
  return {
    ok: true,
    specs: finishEnvironments(placed, fleet.folder),
    async plan(program, number) {
      const more = planFleet({ ...input, scale: new Map([...input.scale, [program.name, number]]) });
      const spec = more.specs.findLast((each) => each.program === program);
      if (spec === undefined) throw new TypeError(`${program.name} is not among the programs that run`);
      const found = await placePorts([spec], random);
      const [first] = found.ok ? found.placed : [];
      if (first === undefined) throw new Error(found.ok ? `no port for ${spec.name}` : found.message);
      // With the registry among them, whose address it is told.
      const complete = finishEnvironments([...placed.filter(({ name }) => name !== spec.name), first], fleet.folder).at(
        -1,
      );
      return complete ?? first;
    },
  };
}

function unplaced(spec: ProcessSpec): PlacedSpec {
  return {
    ...spec,
    port: numberOf(spec.port),
    further: spec.further.map((each) => ({ ...each, port: numberOf(each.port) ?? 0 })),
  };
}

/** Ports do not matter to those who only read their settings. */
function numberOf(port: number | 'free' | undefined): number | undefined {
  return port === 'free' ? 0 : port;
}
