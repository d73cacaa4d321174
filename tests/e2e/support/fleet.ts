import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { descendantsOf, type SeenProcess } from './processes.ts';
import { type Spawned, spawnCommand } from './spawned.ts';

/** A fleet started by `flotilla up`, on free ports and with data of its own. */
export interface Fleet extends AsyncDisposable {
  readonly process: Spawned;
  /** The address of a program's instance, the first by default. */
  url(program: string, instance?: number): string;
  urls(program: string): readonly string[];
  /** The processes that run a program now. */
  processesOf(program: string): readonly SeenProcess[];
  stop(): Promise<void>;
}

/** How to start a {@link Fleet}. */
export interface FleetOptions {
  /** More options of `flotilla up`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder for data that is removed with `remove`. */
export function temporaryFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-e2e-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

/** What Node is given to run the tests' own fleet, seen from the project's folder. */
export const upArguments: readonly string[] = [
  'apps/cli/src/main.ts',
  'up',
  '--config',
  'tests/fixtures/fleet/flotilla.config.ts',
];

/** Starts `flotilla up` without waiting for anything. */
export function startUp(dataFolder: string, options: FleetOptions = {}): Spawned {
  const args = [...upArguments, '--free-ports', '--data', dataFolder, ...(options.args ?? [])];
  return spawnCommand(process.execPath, args, options.env);
}

/** Starts a fleet and waits until it says that it is ready. */
export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  const data = temporaryFolder();
  const spawned = startUp(data.folder, options);
  const stop = async (): Promise<void> => {
    spawned.child.kill('SIGTERM');
    await spawned.ended;
    data.remove();
  };
  try {
    await spawned.says(/Ctrl-C stops everything/);
  } catch (error) {
    await stop();
    throw error;
  }
  const addresses = readAddresses(spawned.stdout());
  const urls = (program: string): readonly string[] => addresses.get(program) ?? [];
  return {
    process: spawned,
    urls,
    url(program, instance = 0) {
      const url = urls(program)[instance];
      if (url === undefined) throw new Error(`${program} has no instance ${instance}: ${spawned.stdout()}`);
      return url;
    },
    processesOf: (program) =>
      descendantsOf(spawned.pid).filter((each) => each.command.includes(path.join('apps', program, 'src', 'main.ts'))),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The addresses in the text that `flotilla up` prints when all is ready. */
function readAddresses(text: string): ReadonlyMap<string, readonly string[]> {
  const lines = text.matchAll(/^ {2}([a-z-]+) +(http:\S+(?: +http:\S+)*)$/gm);
  return new Map([...lines].map((line) => [line[1] ?? '', (line[2] ?? '').split(/ +/)]));
}
