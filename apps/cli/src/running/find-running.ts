import { statSync } from 'node:fs';
import path from 'node:path';
import { findFleetFile } from '@flotilla/fleet/config';
import { type ControlClient, type FleetReport, type FoundFleet, findFleets } from '@flotilla/fleet/control';
import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { configurationExitCode, unavailableExitCode } from '../help/exit-codes.ts';

/** A running fleet that answers. */
export interface Running {
  readonly client: ControlClient;
  readonly report: FleetReport;
}

/** Why no fleet can be reached, in words for people. */
export class NotRunning extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = unavailableExitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Whether it is a file; undefined: there is none. */
function isFile(file: string): boolean | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isFile();
}

/** The folder of the project. Throws {@link NotRunning} if there is none. */
function projectFolder(given: Given, { cwd }: Pick<Cli, 'cwd'>): string {
  const config = given.value('--config');
  const file = config === undefined ? findFleetFile(cwd) : path.resolve(cwd, config);
  if (file !== undefined) return isFile(file) === false ? file : path.dirname(file);
  throw new NotRunning(
    `Cannot find flotilla.config.ts in ${cwd} or in a folder above it. Go to your project.`,
    configurationExitCode,
  );
}

/** All running fleets of the project that answer. Throws {@link NotRunning} if there is none. */
export async function allRunning(given: Given, cli: Pick<Cli, 'cwd' | 'version'>): Promise<readonly Running[]> {
  const folder = projectFolder(given, cli);
  const found = await findFleets(folder);
  const wanted = given.value('--fleet');
  const chosen = wanted === undefined ? found : found.filter(({ record }) => String(record.pid) === wanted);
  const running = chosen.filter((fleet) => fleet.kind === 'running');
  if (running.length > 0) return running;
  const deaf = chosen.find((fleet) => fleet.kind !== 'running');
  if (deaf !== undefined) throw new NotRunning(whyDeaf(deaf, cli.version));
  if (wanted !== undefined && found.length > 0) {
    throw new Mistake(
      `--fleet ${wanted}: no such fleet. Choose one of: ${found.map(({ record }) => record.pid).join(', ')}.`,
    );
  }
  // Only now: a fleet runs on without its file.
  const config = given.value('--config');
  const file = path.resolve(cli.cwd, config ?? '.');
  if (config !== undefined && isFile(file) === undefined)
    throw new NotRunning(`Cannot find the file ${file}.`, configurationExitCode);
  throw new NotRunning(`No fleet is running in ${folder}. Start it: flotilla up`);
}

/** The fleet that is meant: the only one, or the only one that has all these programs. */
export async function oneRunning(
  given: Given,
  cli: Pick<Cli, 'cwd' | 'version'>,
  names: readonly string[],
): Promise<Running> {
  const all = await allRunning(given, cli);
  const having = all.filter(({ report }) => names.every((name) => has(report, name)));
  const [first, ...more] = having.length === 0 ? all : having;
  if (first !== undefined && more.length === 0) return first;
  const list = all.map(
    ({ report }) =>
      `  --fleet ${report.pid}  ${[...new Set(report.processes.map(({ program }) => program))].join(', ')}`,
  );
  throw new Mistake(`${all.length} fleets are running in this project. Choose one:\n${list.join('\n')}`);
}

function has(report: FleetReport, name: string): boolean {
  return report.processes.some((process) => process.name === name || process.program === name);
}

function whyDeaf(fleet: Exclude<FoundFleet, { kind: 'running' }>, version: string): string {
  const { pid, version: theirs } = fleet.record;
  switch (fleet.kind) {
    case 'silent':
      return `The fleet (process ${pid}) does not answer: it is suspended, or it hangs. Resume it: kill -CONT ${pid}; or end it: kill -9 ${pid}`;
    case 'foreign':
      return `The fleet (process ${pid}) was started by flotilla ${theirs}, and this is ${version}. Restart it: kill ${pid}, then flotilla up`;
    default:
      return fleet satisfies never;
  }
}
