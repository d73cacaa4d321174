import path from 'node:path';
import { variablePrefix } from '@flotilla/kit/sources';
import { commonPorts, type FurtherPort, type Program } from '../config/fleet.ts';
import { misnamedPrograms } from './misnamed-programs.ts';
import { ProgramSettings } from './program-settings.ts';

/** A port that a process is to have. */
export interface PlannedPort {
  /** `free` before the plan has been given its ports. */
  readonly port: number | 'free';
  /** Whether the port is what the program finds set; else it is told. */
  readonly isSet: boolean;
}

/** One process to start. */
export interface ProcessSpec {
  /** Unique in the fleet: the program's name, with a number from the second instance on. */
  readonly name: string;
  readonly program: Program;
  /** The port of its main server; undefined: it has none. */
  readonly port: PlannedPort['port'] | undefined;
  readonly portIsSet: boolean;
  /** Its further ports, as far as it has any. */
  readonly further: readonly (PlannedPort & { readonly of: FurtherPort })[];
  /** The processes that must be ready before it is started. */
  readonly after: readonly string[];
  /** What the program finds set by others than the fleet. */
  readonly settings: ProgramSettings;
  /** The whole environment, except for what depends on the ports. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a plan is made of; see the options of `flotilla up`. */
export interface PlanInput {
  /** The whole fleet. */
  readonly programs: readonly Program[];
  /** Those of it that are to run. */
  readonly only: readonly Program[];
  /** How many of a program, where that is not what the fleet's file says. */
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
  SERVER_PORT: 'two processes cannot listen on the same port',
  ADMIN_PORT: 'two processes cannot listen on the same port',
  DATABASE_URL: 'each service needs its own database',
  INSTANCE_ID: 'each instance needs its own id',
};

/**
 * Decides which processes run and with which settings. Pure: ports are neither probed nor taken. Whether a setting is
 * good is left to the program, which says it in the fleet as it does alone.
 */
export function planFleet(given: PlanInput): Plan {
  const input = withoutDashboard(given);
  const count = (program: Program): number => input.scale.get(program.name) ?? program.scale;
  const total = input.only.reduce((sum, program) => sum + count(program), 0);
  const problems = [
    ...misnamedPrograms(input.programs, input.env),
    ...(total === 1 ? [] : sharedSettings(input, total)),
    ...needlessRegistry(input),
  ];
  const names = new Map(input.only.map((program) => [program.name, instanceNames(program, count(program))]));
  const specs: ProcessSpec[] = [];
  for (const program of given.only) {
    const found = program.role === 'dashboard' && given.only.length > 1 ? ofDashboard(program, given) : given;
    const settings = new ProgramSettings(program, found.env, found.files.get(program.name));
    const env = environmentOf(program, settings, found);
    for (let number = 1; number <= count(program); number += 1) {
      if (number > 1 && settings.findOwn('INSTANCE_ID') !== undefined) {
        const setting = `${settings.prefix}INSTANCE_ID`;
        problems.push(`${setting} is set for several instances, but ${ownSettings['INSTANCE_ID']}.`);
      }
      const { port, isSet: portIsSet } = mainPort(program, settings, number, input.freePorts);
      const ofProgram = [...(program.launch.kind === 'node' ? commonPorts : []), ...program.further];
      const further = ofProgram.flatMap((of) => furtherPort(of, settings, number, input.freePorts));
      // What is left out runs elsewhere, or not at all: nobody could tell when it is ready.
      const after = program.after.flatMap((needed) => names.get(needed) ?? []);
      const name = instanceName(program, number);
      if (specs.some((spec) => spec.name === name))
        problems.push(
          `Two processes would be named ${name}. Rename one of the programs, or run fewer instances of the other.`,
        );
      specs.push({ name, program, settings, env, port, portIsSet, further, after });
    }
  }
  return { specs, problems: [...new Set(problems)] };
}

/** The fleet as people think of it when they set something for one program or for all. */
function withoutDashboard(input: PlanInput): PlanInput {
  const only = input.only.filter(({ role }) => role !== 'dashboard');
  return only.length === 0 ? input : { ...input, only };
}

/** What is set for all says where they are to listen, and what their data is: that is not meant for the one that looks at them. */
function ofDashboard({ name, env: own }: Program, input: PlanInput): PlanInput {
  const { env, files } = input;
  const ofOthers = new Set([...Object.keys(ownSettings), 'SERVER_HOST', 'CONFIG_FILE']);
  const hasFile = !isBlank(env[`${variablePrefix(name)}CONFIG_FILE`] ?? own['CONFIG_FILE']);
  return {
    ...input,
    env: {
      // Those that everybody knows are for one fleet of the machine: for the one with the usual ports.
      ...(input.freePorts ? { OTLP_HTTP_PORT: '0', OTLP_GRPC_PORT: '0' } : {}),
      ...Object.fromEntries(Object.entries(env).filter(([variable]) => !ofOthers.has(variable))),
    },
    files: hasFile ? files : new Map(),
  };
}

/** What the nth instance of a program is called. */
function instanceName(program: Program, number: number): string {
  return number === 1 ? program.name : `${program.name}-${number}`;
}

function instanceNames(program: Program, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => instanceName(program, index + 1));
}

/** Settings that stand where all processes find them, and that they can't share. */
function sharedSettings(input: PlanInput, total: number): string[] {
  const problems: string[] = [];
  for (const [name, reason] of Object.entries(ownSettings)) {
    const program = name === 'DATABASE_URL' ? input.only.findLast((each) => each.hasDatabase) : input.only[0];
    const own = variablePrefix(program?.name ?? '');
    if (!isBlank(input.env[name]) && isForOne(name, input.env[name])) {
      const value = name === 'DATABASE_URL' ? `sqlite:data/${program?.name}.db` : input.env[name];
      const advice = `Set it for one program: ${own}${name}=${value}`;
      problems.push(`${name} is set for all ${total} processes, but ${reason}. ${advice}`);
    }
    const sharing = input.only.filter((each) => isBlank(input.env[`${variablePrefix(each.name)}CONFIG_FILE`]));
    const inFile = sharing.filter((each) => isForOne(name, input.files.get(each.name)?.get(name)));
    if (inFile.length < 2 || isBlank(input.env['CONFIG_FILE'])) continue;
    const advice = `Set it in a file of one program: ${own}CONFIG_FILE=…`;
    problems.push(`${name} is set for several programs by ${input.env['CONFIG_FILE']}, but ${reason}. ${advice}`);
  }
  return problems;
}

/** Where `REGISTRY_URL` is a list, or names a registry of another kind, ours refuses it, and nobody would ask ours. */
function needlessRegistry({ only, env, files }: PlanInput): string[] {
  const registry = only.find(({ role }) => role === 'registry');
  const others = only.filter((program) => program !== registry).map(({ name }) => name);
  if (registry === undefined || others.length === 0) return [];
  const url = new ProgramSettings(registry, env, files.get(registry.name)).find('REGISTRY_URL')?.value ?? '';
  if (!/^\s*[a-z][a-z0-9+.-]*:(?!\d)/i.test(url) || /^\s*(?:flotilla\+)?https?:/i.test(url)) return [];
  const advice = `Start the fleet without it: flotilla up --only ${others.join()}`;
  return [`REGISTRY_URL names another registry, so nothing would use ${registry.name}. ${advice}`];
}

/** The environment as it is, without what is meant for other programs alone. */
function environmentOf(program: Program, settings: ProgramSettings, input: PlanInput): Record<string, string> {
  const env: Record<string, string> = {};
  const others = input.programs.filter(({ name }) => name !== program.name).map(({ name }) => variablePrefix(name));
  for (const [name, value] of Object.entries(input.env)) {
    if (value !== undefined && !others.some((prefix) => name.startsWith(prefix))) env[name] = value;
  }
  for (const [name, value] of Object.entries(program.env))
    if (isBlank(env[`${settings.prefix}${name}`])) env[name] = value;
  // A program that does not know us does not know whose name stands before a variable.
  if (program.launch.kind === 'command') {
    for (const [name, value] of Object.entries(env)) {
      if (!name.startsWith(settings.prefix)) continue;
      delete env[name];
      if (value !== '') env[name.slice(settings.prefix.length)] = value;
    }
  }
  if (input.dataFolder === undefined) return env;
  if (program.hasDatabase && settings.findOwn('DATABASE_URL') === undefined)
    env['DATABASE_URL'] = `sqlite:${path.join(input.dataFolder, `${program.name}.db`)}`;
  if (program.launch.kind === 'command') env['DATA_FOLDER'] ??= input.dataFolder;
  return env;
}

function mainPort(
  program: Program,
  settings: ProgramSettings,
  number: number,
  freePorts: boolean,
): Omit<PlannedPort, 'port'> & Pick<ProcessSpec, 'port'> {
  if (program.defaultPort === undefined) return { port: undefined, isSet: false };
  const text = settings.find('SERVER_PORT')?.value;
  const usual = { port: freePorts || number > 1 ? 'free' : program.defaultPort, isSet: false } as const;
  return text === undefined ? usual : setPort(text, number);
}

function furtherPort(
  of: FurtherPort,
  settings: ProgramSettings,
  number: number,
  freePorts: boolean,
): ProcessSpec['further'] {
  const text = settings.find(of.setting)?.value;
  if (text !== undefined) return [{ of, ...setPort(text, number) }];
  if (of.defaultPort === undefined) return [];
  const port = freePorts || number > 1 || of.defaultPort === 0 ? 'free' : of.defaultPort;
  return [{ of, port, isSet: false }];
}

/** The port that is set, so that it can be looked at before; what is no port is left for the program to refuse. */
function setPort(text: string, number: number): PlannedPort {
  const port = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  // Further instances take others.
  if (port === 0 || number > 1) return { port: 'free', isSet: false };
  return port <= 65_535 ? { port, isSet: true } : { port: 'free', isSet: true };
}

/** Whether it is a setting that only one process can have, with a value that no other can have as well. */
function isForOne(name: string, value: string | undefined): boolean {
  return value !== undefined && !takesAny(name, value);
}

/** `ADMIN_PORT=0` for all means: each a port of its own. */
function takesAny(name: string, value: string | undefined): boolean {
  return name === 'ADMIN_PORT' && value === '0';
}

function isBlank(value: string | undefined): value is undefined | '' {
  return value === undefined || value === '';
}
