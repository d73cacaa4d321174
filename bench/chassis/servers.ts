import path from 'node:path';
import type { Launch } from '../gateway/proxies/proxy-kind.ts';
import type { Processes, Started } from '../gateway/run/processes.ts';
import { freePort } from '../gateway/run/running-proxy.ts';
import { untilAnswered } from '../until-answered.ts';

/** How much both servers log. */
export const logLevels = ['off', 'error', 'info'] as const;
export type BenchLogLevel = (typeof logLevels)[number];

/** A server that is up. */
export interface Server {
  readonly kind: 'user-service' | 'smallest' | 'smallest, tuned';
  readonly level: BenchLogLevel;
  readonly url: string;
  readonly process: Started;
}

/** Where and how servers are started. */
export interface ServerPlace {
  readonly processes: Processes;
  readonly core: string;
  readonly folder: string;
}

/** The user both answer with. */
const wanted = '{"id":1,"name":"Alice","email":"alice@example.com"}';
const root = path.join(import.meta.dirname, '../..');

/** Starts the registry that the services sign on to, as they do in a fleet. Gives its address. */
export async function startRegistry({ processes, core, folder }: ServerPlace): Promise<string> {
  const port = await freePort();
  const started = processes.start(core, program('service-registry', port, path.join(folder, 'registry.db'), 'error'));
  const url = `http://127.0.0.1:${port}`;
  await untilAnswered(`${url}/health`, started, ({ ok }) => ok);
  return url;
}

/** Starts user-service on a database of its own, which gets the demonstration's users. */
export async function startService(place: ServerPlace, level: BenchLogLevel, registryUrl: string): Promise<Server> {
  const port = await freePort();
  const launch = program('user-service', port, databaseOf(place, level), level === 'off' ? 'silent' : level);
  const process = place.processes.start(place.core, { ...launch, env: { ...launch.env, REGISTRY_URL: registryUrl } });
  return served('user-service', level, port, process);
}

/** Starts the smallest server on the database that the service of the same level has made. */
export async function startSmallest(
  place: ServerPlace,
  level: BenchLogLevel,
  kind: 'smallest' | 'smallest, tuned',
): Promise<Server> {
  const port = await freePort();
  const script = path.join(import.meta.dirname, 'smallest-server.mjs');
  const tuned = kind === 'smallest' ? [] : ['tuned'];
  const args = [script, String(port), databaseOf(place, level), level, ...tuned];
  return served(kind, level, port, place.processes.start(place.core, { command: process.execPath, args }));
}

function databaseOf({ folder }: ServerPlace, level: BenchLogLevel): string {
  return path.join(folder, `users-${level}.db`);
}

function program(name: string, port: number, file: string, logLevel: string): Launch {
  const env = {
    SERVER_HOST: '127.0.0.1',
    SERVER_PORT: String(port),
    GRPC_PORT: '0',
    DATABASE_URL: `sqlite:${file}`,
    LOG_LEVEL: logLevel,
    LOG_FORMAT: 'json',
  };
  return { command: process.execPath, args: [path.join(root, 'apps', name, 'src/main.ts')], env };
}

async function served(kind: Server['kind'], level: BenchLogLevel, port: number, started: Started): Promise<Server> {
  const url = `http://127.0.0.1:${port}/users/1`;
  await untilAnswered(url, started, ({ ok }, body) => ok && body === wanted);
  return { kind, level, url, process: started };
}
