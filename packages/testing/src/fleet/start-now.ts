import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Fleet, loadFleet, nearestProgram, type Program } from '@flotilla/fleet/config';
import type { PlacedSpec } from '@flotilla/fleet/plan';
import { prepareFleet } from '@flotilla/fleet/run';
import { type FaultProxy, withFaults } from '../faults/fault-proxy.ts';
import { FleetProcesses } from './fleet-processes.ts';
import { settleFleet } from './settle-fleet.ts';
import { testEnvironment } from './test-environment.ts';
import type { StartFleetOptions, TestFleet } from './test-fleet.ts';
import { UsableFleet } from './usable-fleet.ts';

const defaultReadyTimeoutMs = 30_000;
/** Another process may take a port after it was found free and before the program listens on it. */
const attempts = 3;

/** See `startFleet`. */
export async function startNow(options: StartFleetOptions): Promise<TestFleet> {
  const fleet = await load(options.config);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(fleet, options);
    } catch (error) {
      if (attempt === attempts || !(error instanceof Error) || !/port \d+ is in use/.test(error.message)) throw error;
    }
  }
}

async function load(config: string | URL | undefined): Promise<Fleet> {
  const given = config instanceof URL ? fileURLToPath(config) : config;
  const isFile = given !== undefined && /\.[cm]?[jt]s$/.test(given);
  const loaded = await loadFleet(isFile ? { folder: '.', file: given } : { folder: given ?? '.' });
  if (loaded.ok) return loaded.fleet;
  throw new Error(loaded.problems.join('\n'));
}

async function startOnce(fleet: Fleet, options: StartFleetOptions): Promise<TestFleet> {
  const { fakes = {}, faults = [], scale = {}, readyTimeoutMs = defaultReadyTimeoutMs } = options;
  for (const name of Object.keys(scale)) programNamed(name, fleet);
  for (const name of faults) requireCallers(programNamed(name, fleet));
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'flotilla-test-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const prepared = await prepareFleet({
    fleet,
    only: chosen(fleet, options).filter(({ name }) => !Object.hasOwn(fakes, name)),
    scale: new Map(Object.entries(scale)),
    freePorts: true,
    dataFolder: folder,
    env: testEnvironment(process.env, options.env ?? {}, fleet.folder),
    random: Math.random,
  });
  if (!prepared.ok) throw new Error(`Cannot start the fleet in ${fleet.file}:\n${prepared.problems.join('\n')}`);
  const proxies = new Map<string, FaultProxy>();
  const specs: PlacedSpec[] = [];
  for (const spec of prepared.specs) {
    if (!faults.includes(spec.program.name)) specs.push(spec);
    else {
      const proxy = cleanup.use(await withFaults(`http://127.0.0.1:${spec.port}`));
      proxies.set(spec.name, proxy);
      specs.push({ ...spec, env: { ...spec.env, ADVERTISE_PORT: String(proxy.port) } });
    }
  }
  const processes = new FleetProcesses(prepared, specs);
  // For a test that forgets to dispose of its fleet.
  const abandon = (): void => {
    processes.killAll();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  // Node writes coverage only when a program exits by itself.
  cleanup.defer(() => processes.endAll(process.env['NODE_V8_COVERAGE'] !== undefined));
  cleanup.defer(() => void process.off('exit', abandon));
  processes.startAll();
  await settleFleet({ processes, fakes, limitMs: readyTimeoutMs });
  return new UsableFleet({ processes, proxies, fakes, folder, limitMs: readyTimeoutMs, cleanup: cleanup.move() });
}

/** The programs that are named, and the registry. Unless it is named, no dashboard: nobody looks at it. */
function chosen(fleet: Fleet, { only }: StartFleetOptions): readonly Program[] {
  if (only === undefined) return fleet.programs.filter(({ role }) => role !== 'dashboard');
  const named = new Set(only.map((name) => programNamed(name, fleet)));
  return fleet.programs.filter((program) => named.has(program) || program.role === 'registry');
}

/** Callers are sent to a proxy by the registry. Those of any other program would go past it, and the test would find no fault. */
function requireCallers({ name, role, registers }: Program): void {
  if (role === 'service' && registers !== 'nobody') return;
  throw new TypeError(
    `Nobody finds ${name} in the registry, so faults: ['${name}'] would reach nobody. Put withFaults(fleet.url('${name}')) in front of it, and give your callers the URL of that.`,
  );
}

function programNamed(name: string, fleet: Fleet): Program {
  const program = fleet.programs.find((each) => each.name === name);
  if (program !== undefined) return program;
  throw new TypeError(`Unknown program "${name}" in ${fleet.file}. ${nearestProgram(name, fleet.programs)}`);
}
