import path from 'node:path';
import { misnamedPrograms } from './misnamed-programs.ts';
import { ProgramSettings, settingPrefix } from './program-settings.ts';
import { type Program, programs } from './programs.ts';

/** One process to start. */
export interface ProcessSpec {
  /** Unique in the fleet: the program's name, with a number from the second instance on. */
  readonly name: string;
  readonly program: Program;
  /** The port to listen on; `free` before the plan has been given its ports. */
  readonly port: number | 'free';
  /** Whether the port is what the program finds set; else it is told. */
  readonly portIsSet: boolean;
  /** What the program finds set by others than the fleet. */
  readonly settings: ProgramSettings;
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
  /** What the programs' config files set, by the programs' names. */
  readonly files: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** The processes to start, and why they can't be started so. */
export interface Plan {
  readonly specs: readonly ProcessSpec[];
  readonly problems: readonly string[];
}

/** Settings that two processes can't share, and why. */
const ownSettings: Readonly<Record<string, string>> = {
  SERVER_PORT: 'two processes cannot listen on one port',
  DATABASE_URL: 'each service has a database of its own',
  INSTANCE_ID: 'each instance needs an id of its own',
};

/**
 * Decides which processes run and with which settings. Pure: ports are neither probed nor taken. Whether a setting is
 * good is left to the program, which says it in the fleet as it does alone.
 */
export function planFleet(input: PlanInput): Plan {
  const count = (program: Program): number => input.scale.get(program.name) ?? 1;
  const total = input.only.reduce((sum, program) => sum + count(program), 0);
  const problems = [...misnamedPrograms(programs, input.env), ...(total === 1 ? [] : sharedSettings(input, total))];
  const specs: ProcessSpec[] = [];
  for (const program of input.only) {
    const settings = new ProgramSettings(program, input.env, input.files.get(program.name));
    const env = environmentOf(program, settings, input);
    const first = portOf(program, settings, input.freePorts);
    for (let number = 1; number <= count(program); number += 1) {
      if (number > 1 && settings.findOwn('INSTANCE_ID') !== undefined) {
        const setting = `${settings.prefix}INSTANCE_ID`;
        problems.push(`${setting} is set for several instances, but ${ownSettings['INSTANCE_ID']}.`);
      }
      const place = number === 1 ? first : ({ port: 'free', portIsSet: false } as const);
      specs.push({ name: number === 1 ? program.name : `${program.name}-${number}`, program, settings, env, ...place });
    }
  }
  return { specs, problems: [...new Set(problems)] };
}

/** Settings that stand where all processes find them, and that they can't share. */
function sharedSettings(input: PlanInput, total: number): string[] {
  const problems: string[] = [];
  for (const [name, reason] of Object.entries(ownSettings)) {
    const program = name === 'DATABASE_URL' ? input.only.findLast((each) => each.hasDatabase) : input.only[0];
    const own = settingPrefix(program?.name ?? '');
    if (!isBlank(input.env[name])) {
      const value = name === 'DATABASE_URL' ? `sqlite:data/${program?.name}.db` : input.env[name];
      const advice = `Set it for one program: ${own}${name}=${value}`;
      problems.push(`${name} is set for all ${total} processes, but ${reason}. ${advice}`);
    }
    const sharing = input.only.filter((each) => isBlank(input.env[`${settingPrefix(each.name)}CONFIG_FILE`]));
    const inFile = sharing.filter((each) => input.files.get(each.name)?.has(name) === true);
    if (inFile.length < 2 || isBlank(input.env['CONFIG_FILE'])) continue;
    const advice = `Set it in a file for one program: ${own}CONFIG_FILE=…`;
    problems.push(`${name} is set for several programs by ${input.env['CONFIG_FILE']}, but ${reason}. ${advice}`);
  }
  return problems;
}

/** The environment as it is, without what is meant for other programs alone. */
function environmentOf(program: Program, settings: ProgramSettings, input: PlanInput): Record<string, string> {
  const env: Record<string, string> = {};
  const others = programs.filter((each) => each !== program).map((each) => settingPrefix(each.name));
  for (const [name, value] of Object.entries(input.env)) {
    if (value !== undefined && !others.some((prefix) => name.startsWith(prefix))) env[name] = value;
  }
  if (input.dataFolder !== undefined && program.hasDatabase && settings.findOwn('DATABASE_URL') === undefined) {
    env['DATABASE_URL'] = `sqlite:${path.join(input.dataFolder, `${program.name}.db`)}`;
  }
  return env;
}

/** The port that is set, so that it can be looked at before; what is no port is left for the program to refuse. */
function portOf(
  program: Program,
  settings: ProgramSettings,
  freePorts: boolean,
): { readonly port: number | 'free'; readonly portIsSet: boolean } {
  const text = settings.find('SERVER_PORT')?.value;
  if (text === undefined) return { port: freePorts ? 'free' : program.defaultPort, portIsSet: false };
  const port = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (port === 0) return { port: 'free', portIsSet: false };
  return port <= 65_535 ? { port, portIsSet: true } : { port: 'free', portIsSet: true };
}

function isBlank(value: string | undefined): value is undefined | '' {
  return value === undefined || value === '';
}
