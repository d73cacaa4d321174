import { type Fleet, mostInstances, nearestProgram, type Program } from '@flotilla/fleet/config';
import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';

/** The options of `flotilla up`. */
export interface UpOptions {
  readonly fleet: Fleet;
  /** The programs to run, in the fleet's order. */
  readonly only: readonly Program[];
  /** The numbers of instances given on the command line. */
  readonly scale: ReadonlyMap<string, number>;
  /** Whether all programs use free ports instead of their usual ones. */
  readonly freePorts: boolean;
  /** The folder for database files; undefined: the one in the fleet file. */
  readonly dataFolder: string | undefined;
  /** A program that has not answered for this long is restarted; 0: never. */
  readonly hangLimitMs: number;
  /** Whether to restart programs whose files change. */
  readonly watch: boolean;
  /** Whether to show every line of every program with all its fields. */
  readonly verbose: boolean;
}

/** Longer than any pause of a busy program that was seen, and than what a person waits before looking. */
export const defaultHangLimitSeconds = 30;
/** A program that compiles or migrates may well be silent for a second or two. */
const shortestHangLimitSeconds = 3;
const longestHangLimitSeconds = 86_400;

/** Reads the options of `up`. Throws a {@link Mistake} with a correction. */
export function readUpWords(given: Given, fleet: Fleet): UpOptions {
  const { programs } = fleet;
  const only = chosen(given, programs);
  const scale = new Map<string, number>();
  for (const part of given.list('--scale')) addScale(scale, part, programs);
  for (const name of scale.keys()) {
    if (!only.some((program) => program.name === name)) {
      throw new Mistake(`--scale ${name}: --only leaves this program out; add it to --only.`);
    }
  }
  const hangLimit = given.value('--hang-limit');
  return {
    fleet,
    only,
    scale,
    freePorts: given.has('--free-ports'),
    dataFolder: given.value('--data'),
    hangLimitMs: hangLimit === undefined ? defaultHangLimitSeconds * 1000 : readHangLimit(hangLimit),
    watch: given.has('--watch'),
    verbose: given.has('--verbose'),
  };
}

function chosen(given: Given, programs: readonly Program[]): readonly Program[] {
  const only = given.has('--only') ? readOnly(given.list('--only'), programs) : programs;
  if (!given.has('--no-dashboard')) return only;
  if (given.has('--only') && only.some(({ role }) => role === 'dashboard'))
    throw new Mistake('--no-dashboard: --only names the dashboard; leave out one of the two.');
  return only.filter(({ role }) => role !== 'dashboard');
}

function readHangLimit(value: string): number {
  const seconds = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (seconds === 0 || (seconds >= shortestHangLimitSeconds && seconds <= longestHangLimitSeconds))
    return seconds * 1000;
  const range = `from ${shortestHangLimitSeconds} to ${longestHangLimitSeconds}, or 0`;
  throw new Mistake(`--hang-limit ${value}: not a whole number of seconds ${range}.`);
}

function readOnly(names: readonly string[], programs: readonly Program[]): readonly Program[] {
  const wanted = new Set(names.map((name) => programNamed('--only', name, programs)));
  return programs.filter((program) => wanted.has(program));
}

function addScale(scale: Map<string, number>, part: string, programs: readonly Program[]): void {
  const [name = '', count, ...more] = part.split('=');
  if (count === undefined || more.length > 0) {
    throw new Mistake(`--scale ${part}: write it as name=number, for example --scale order-service=3`);
  }
  const program = programNamed('--scale', name, programs);
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

function programNamed(flag: string, name: string, programs: readonly Program[]): Program {
  const program = programs.find((candidate) => candidate.name === name);
  if (program !== undefined) return program;
  throw new Mistake(`${flag}: unknown program "${name}". ${nearestProgram(name, programs)}`);
}
