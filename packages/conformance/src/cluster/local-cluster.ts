import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, Program } from '@flotilla/testing';

/** The programs a cluster can have. */
export const clusterPrograms = ['service-registry', 'gateway', 'user-service', 'order-service'] as const;
export type ClusterProgram = (typeof clusterPrograms)[number];

/** What is started, and how. */
export interface ClusterOptions {
  /** How many of each. Default one of each; 0 leaves a program out. */
  readonly instances?: Partial<Readonly<Record<ClusterProgram, number>>>;
  /** Added to the environment of all, or of one kind of program. */
  readonly env?: Readonly<Record<string, string>>;
  readonly envOf?: Partial<Readonly<Record<ClusterProgram, Readonly<Record<string, string>>>>>;
}

/** Real processes of one fleet, on free ports, with their data in a temporary folder. */
export interface LocalCluster extends AsyncDisposable {
  /** The instances of one program, in a fixed order. */
  all(name: ClusterProgram): readonly Program[];
  /** The first instance. Throws if there is none. */
  one(name: ClusterProgram): Program;
  /** The address of the first instance. */
  url(name: ClusterProgram): string;
  /** Resolves when the registry lists every instance of the two services that should run. */
  whenRegistered(): Promise<void>;
  /** Where the data is: one folder per instance. */
  readonly folder: string;
}

/** The root of the repository, seen from this file. */
const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** How long the fleet may take until all have found each other: far longer than it does, even on a busy machine. */
const settleLimitMs = 60_000;

/** Starts a fleet, all programs at once, and waits until all are ready and registered. */
export async function localCluster(options: ClusterOptions = {}): Promise<LocalCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-'));
  const programs = new Map<ClusterProgram, readonly Program[]>();
  const registryPort = await freePort();
  for (const name of clusterPrograms) {
    const list: Program[] = [];
    for (let index = 0; index < (options.instances?.[name] ?? 1); index += 1) {
      const port = name === 'service-registry' && index === 0 ? registryPort : await freePort();
      const env = {
        SERVER_HOST: '127.0.0.1',
        SERVER_PORT: String(port),
        GRPC_PORT: '0',
        REGISTRY_URL: `http://127.0.0.1:${registryPort}`,
        DATABASE_URL: `sqlite:${join(folder, `${name}-${index}.db`)}`,
        LOG_FORMAT: 'json',
        ...(name === 'gateway' ? { GATEWAY_CONFIG: join(root, 'gateway.config.ts') } : {}),
        ...options.env,
        ...options.envOf?.[name],
      };
      list.push(new Program({ entry: join(root, 'apps', name, 'src', 'main.ts'), env, cwd: folder }));
    }
    programs.set(name, list);
  }
  const everyProgram = (): Program[] => [...programs.values()].flat();
  const cluster: LocalCluster = {
    folder,
    all: (name) => programs.get(name) ?? [],
    one(name) {
      const [first] = programs.get(name) ?? [];
      if (first === undefined) throw new Error(`The cluster has no ${name}`);
      return first;
    },
    url: (name) => cluster.one(name).url,
    whenRegistered: () => whenRegistered(cluster),
    async [Symbol.asyncDispose]() {
      await Promise.all(everyProgram().map((program) => program[Symbol.asyncDispose]()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await Promise.all(everyProgram().map((program) => program.start()));
    await cluster.whenRegistered();
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
  return cluster;
}

async function whenRegistered(cluster: LocalCluster): Promise<void> {
  if (cluster.all('service-registry').length === 0) return;
  const endMs = performance.now() + settleLimitMs;
  for (const name of ['user-service', 'order-service'] as const) {
    const expected = cluster.all(name).filter((program) => program.isRunning).length;
    while ((await countInstances(cluster.url('service-registry'), name)) < expected) {
      if (performance.now() > endMs) throw new Error(`${name} was not registered within ${settleLimitMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  // The gateway is ready when it knows where the services are.
  for (const gateway of cluster.all('gateway'))
    while (gateway.isRunning && (await fetch(`${gateway.url}/ready`)).status !== 200) {
      if (performance.now() > endMs) throw new Error(`The gateway was not ready within ${settleLimitMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

async function countInstances(registryUrl: string, service: string): Promise<number> {
  const answer = await fetch(`${registryUrl}/services/${service}/instances?served=true`);
  const instances: unknown = await answer.json();
  return Array.isArray(instances) ? instances.length : 0;
}
