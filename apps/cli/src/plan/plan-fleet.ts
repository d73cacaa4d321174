import path from 'node:path';
import type { Program } from './programs.ts';

/** One process to start. */
export interface ProcessSpec {
  /** Unique in the fleet: the program's name, with a number from the second instance on. */
  readonly name: string;
  readonly program: Program;
  /** The port to listen on; `free` before the plan has been given its ports. */
  readonly port: number | 'free';
  /** The whole environment, except for what depends on the ports. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a plan is made of; see the options of `flotilla up`. */
export interface PlanInput {
  readonly only: readonly Program[];
  readonly scale: ReadonlyMap<string, number>;
  readonly freePorts: boolean;
  readonly dataFolder: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The processes to start, or why they can't be started so. */
export type Plan =
  | { readonly ok: true; readonly specs: readonly ProcessSpec[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Settings that two processes can't share, and why. */
const ownSettings: Readonly<Record<string, string>> = {
  SERVER_PORT: 'two processes cannot listen on one port',
  DATABASE_URL: 'each service has a database of its own',
  INSTANCE_ID: 'each instance needs an id of its own',
};

/** `USER_SERVICE__` for `user-service`: what a setting for this program alone begins with. */
export function settingPrefix(program: string): string {
  return `${program.toUpperCase().replaceAll('-', '_')}__`;
}

/** Decides which processes run and with which settings. Pure: ports are neither probed nor taken. */
export function planFleet(input: PlanInput): Plan {
  const count = (program: Program): number => input.scale.get(program.name) ?? 1;
  const problems: string[] = [];
  const total = input.only.reduce((sum, program) => sum + count(program), 0);
  for (const [name, reason] of Object.entries(ownSettings)) {
    if (total === 1 || isBlank(input.env[name])) continue;
    const database = name === 'DATABASE_URL';
    const program = (database ? input.only.findLast((each) => each.hasDatabase) : input.only[0])?.name ?? '';
    const value = database ? `sqlite:data/${program}.db` : input.env[name];
    const example = `${settingPrefix(program)}${name}=${value}`;
    problems.push(`${name} is set for all ${total} processes, but ${reason}. Set it for one program: ${example}`);
  }
  const specs: ProcessSpec[] = [];
  for (const program of input.only) {
    const env = environmentOf(program, input);
    const port = portOf(program, env, input, problems);
    for (let number = 1; number <= count(program); number += 1) {
      if (number > 1 && !isBlank(env['INSTANCE_ID'])) {
        problems.push(
          `${settingPrefix(program.name)}INSTANCE_ID is set for several instances, but ${ownSettings['INSTANCE_ID']}.`,
        );
      }
      const name = number === 1 ? program.name : `${program.name}-${number}`;
      specs.push({ name, program, port: number === 1 ? port : 'free', env });
    }
  }
  return problems.length > 0 ? { ok: false, problems: [...new Set(problems)] } : { ok: true, specs };
}

/** The common settings, overlaid with those for this program alone; other programs' settings are left out. */
function environmentOf(program: Program, input: PlanInput): Record<string, string> {
  const env: Record<string, string> = {};
  const prefixes = input.only.map((each) => settingPrefix(each.name));
  for (const [name, value] of Object.entries(input.env)) {
    if (value !== undefined && !prefixes.some((prefix) => name.startsWith(prefix))) env[name] = value;
  }
  if (input.dataFolder !== undefined && program.hasDatabase) {
    env['DATABASE_URL'] = `sqlite:${path.join(input.dataFolder, `${program.name}.db`)}`;
  }
  const own = settingPrefix(program.name);
  for (const [name, value] of Object.entries(input.env)) {
    if (value !== undefined && name.startsWith(own)) env[name.slice(own.length)] = value;
  }
  return env;
}

function portOf(
  program: Program,
  env: Readonly<Record<string, string>>,
  input: PlanInput,
  problems: string[],
): number | 'free' {
  const text = env['SERVER_PORT'];
  if (isBlank(text)) return input.freePorts ? 'free' : program.defaultPort;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port === 0) return 'free';
  if (port <= 65_535) return port;
  problems.push(`SERVER_PORT of ${program.name} is "${text}", not a whole number from 0 to 65535.`);
  return program.defaultPort;
}

function isBlank(value: string | undefined): value is undefined | '' {
  return value === undefined || value === '';
}

/** A process with its port. */
export interface PlacedSpec extends ProcessSpec {
  readonly port: number;
}

/**
 * Completes the settings once every port is known: each process gets its own, and all of them the address of the
 * fleet's registry, unless `REGISTRY_URL` names another.
 */
export function finishEnvironments(placed: readonly PlacedSpec[]): readonly PlacedSpec[] {
  const registry = placed.find((spec) => spec.program.name === 'service-registry');
  return placed.map((spec) => {
    const env: Record<string, string> = { ...spec.env, SERVER_PORT: String(spec.port) };
    if (registry !== undefined && isBlank(env['REGISTRY_URL'])) {
      env['REGISTRY_URL'] = `http://127.0.0.1:${registry.port}`;
      // Short names that stay the same over restarts. Only here: in a registry that others use too they would clash.
      if (isBlank(env['INSTANCE_ID'])) env['INSTANCE_ID'] = spec.name;
    }
    return { ...spec, env };
  });
}
