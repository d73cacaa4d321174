import { type Program, programs } from '@flotilla/fleet/plan';
import { nearestName, readArguments } from '@flotilla/kit/sources';

/** What `flotilla up` was asked to do. */
export interface UpOptions {
  /** The programs to run, in the catalogue's order. */
  readonly only: readonly Program[];
  /** How many instances of a program; those not named run once. */
  readonly scale: ReadonlyMap<string, number>;
  /** Take any free port for every program instead of the usual ones. */
  readonly freePorts: boolean;
  /** Folder for the database files; undefined: each program's own default, `data/`. */
  readonly dataFolder: string | undefined;
  /** A program that has not answered for so long is started again; 0: never. */
  readonly hangLimitMs: number;
  /** Show every line of every program with all its fields. */
  readonly verbose: boolean;
}

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'up'; readonly options: UpOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'mistake'; readonly message: string };

const flags = {
  valued: ['--scale', '--only', '--data', '--hang-limit'],
  alone: ['--free-ports', '--verbose', '--help', '--version'],
};
/** More than this on one machine is a mistyped number, not a wish. */
const mostInstances = 32;
/** Longer than any pause of a busy program that was seen, and than what a person waits before looking. */
const defaultHangLimitSeconds = 30;
/** A program that compiles or migrates may well be silent for a second or two. */
const shortestHangLimitSeconds = 3;
const longestHangLimitSeconds = 86_400;

/** A mistake in the command line, caught in {@link parseArguments}. */
class Mistake extends Error {}

/** Reads the command line (without node and script). Every mistake is answered with what would be right. */
export function parseArguments(words: readonly string[]): Command {
  const [verb, ...rest] = words;
  if (words.some((word) => word === '--help' || word === '-h') || verb === 'help') return { kind: 'help' };
  if (words.includes('--version') || verb === 'version') return { kind: 'version' };
  try {
    if (verb === undefined) throw new Mistake('Say what to do, for example: flotilla up');
    if (verb !== 'up') throw new Mistake(`"${verb}" is not a command; there is: up, help, version.`);
    return { kind: 'up', options: parseUp(rest) };
  } catch (error) {
    if (error instanceof Mistake) return { kind: 'mistake', message: error.message };
    throw error;
  }
}

function parseUp(words: readonly string[]): UpOptions {
  const scale = new Map<string, number>();
  let only = programs;
  let freePorts = false;
  let verbose = false;
  let dataFolder: string | undefined;
  let hangLimitMs = defaultHangLimitSeconds * 1000;
  for (const { flag, value } of readFlags(words)) {
    if (flag === '--only') only = parseOnly(value);
    else if (flag === '--scale') for (const part of value.split(',')) addScale(scale, part);
    else if (flag === '--data') dataFolder = value;
    else if (flag === '--hang-limit') hangLimitMs = parseHangLimit(value);
    else if (flag === '--verbose') verbose = true;
    else freePorts = true;
  }
  for (const name of scale.keys()) {
    if (!only.some((program) => program.name === name)) {
      throw new Mistake(`--scale ${name}: --only leaves this program out; add it to --only.`);
    }
  }
  return { only, scale, freePorts, dataFolder, hangLimitMs, verbose };
}

/** The flags, each as it is needed; the first that is wrong is the one to mend. */
function* readFlags(words: readonly string[]): Generator<{ flag: string; value: string }> {
  for (const argument of readArguments(words, flags)) {
    switch (argument.kind) {
      case 'flag':
        yield argument;
        break;
      case 'alone':
        if (argument.value !== undefined) throw new Mistake(`${argument.flag} takes no value.`);
        yield { flag: argument.flag, value: '' };
        break;
      case 'word': {
        const hint = 'Options begin with "--", and under npm they come after a "--" of their own';
        throw new Mistake(`"${argument.word}" is not expected here. ${hint}: npm start -- --scale order-service=2`);
      }
      case 'unknown': {
        const meant = nearestName(argument.flag, [...flags.valued, ...flags.alone]);
        const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
        throw new Mistake(`There is no option ${argument.flag}.${hint}`);
      }
      case 'no-value':
        throw new Mistake(`${argument.flag} needs a value, for example ${examples[argument.flag]}.`);
      default:
        argument satisfies never;
    }
  }
}

const examples: Readonly<Record<string, string>> = {
  '--scale': '--scale order-service=3',
  '--only': '--only user-service,service-registry',
  '--data': '--data /tmp/flotilla-data',
  '--hang-limit': `--hang-limit ${defaultHangLimitSeconds}`,
};

function parseHangLimit(value: string): number {
  const seconds = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (seconds === 0 || (seconds >= shortestHangLimitSeconds && seconds <= longestHangLimitSeconds))
    return seconds * 1000;
  const range = `from ${shortestHangLimitSeconds} to ${longestHangLimitSeconds}, or 0`;
  throw new Mistake(`--hang-limit ${value}: not a whole number of seconds ${range}.`);
}

function parseOnly(value: string): readonly Program[] {
  const wanted = new Set(value.split(',').map((name) => programNamed('--only', name.trim())));
  return programs.filter((program) => wanted.has(program));
}

function addScale(scale: Map<string, number>, part: string): void {
  const [name = '', count, ...more] = part.trim().split('=');
  if (count === undefined || more.length > 0) {
    throw new Mistake(`--scale ${part}: write it as name=number, for example ${examples['--scale']}.`);
  }
  const program = programNamed('--scale', name);
  const instances = /^\d{1,4}$/.test(count) ? Number(count) : 0;
  if (instances < 1 || instances > mostInstances) {
    const hint = count === '0' ? ` To leave ${name} out, name the others with --only.` : '';
    throw new Mistake(`--scale ${part}: "${count}" is not a whole number from 1 to ${mostInstances}.${hint}`);
  }
  if (instances > 1 && program.singleBecause !== undefined) {
    throw new Mistake(`--scale ${part}: ${name} runs once on a machine, because ${program.singleBecause}.`);
  }
  scale.set(name, instances);
}

function programNamed(flag: string, name: string): Program {
  const program = programs.find((candidate) => candidate.name === name);
  if (program !== undefined) return program;
  const names = programs.map((candidate) => candidate.name);
  const meant = nearestName(name, names);
  const hint = meant === undefined ? `There are: ${names.join(', ')}.` : `Did you mean ${meant}?`;
  throw new Mistake(`${flag}: there is no program "${name}". ${hint}`);
}
