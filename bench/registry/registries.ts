import path from 'node:path';
import { findConsul } from '@flotilla/conformance/registries';
import { freePort } from '@flotilla/testing';
import type { Launch } from '../gateway/proxies/proxy-kind.ts';
import type { Processes, Started } from '../gateway/run/processes.ts';
import { consulApi, ownApi, type RegistryApi } from './apis.ts';

/** A registry that is up. */
export interface MeasuredRegistry {
  readonly url: string;
  readonly process: Started;
  /** From the call to the first answer that says that it is ready, in milliseconds. */
  readonly readyMs: number;
}

/** An API of a registry. */
export interface Subject {
  /** `Flotilla`, `Flotilla as Consul`, `Consul`. */
  readonly name: string;
  readonly api: RegistryApi;
  readonly registry: MeasuredRegistry;
}

/** Where and how registries are started. */
export interface RegistryPlace {
  readonly processes: Processes;
  readonly core: string;
  readonly folder: string;
}

const root = path.join(import.meta.dirname, '../..');
const readyLimitMs = 60_000;

/** Starts our registry on a file: what it acknowledges is on the disk. */
export async function startOwn(
  place: RegistryPlace,
  file: string,
  env: Readonly<Record<string, string>> = {},
): Promise<MeasuredRegistry> {
  const port = await freePort();
  return started(place, port, '/ready', {
    command: process.execPath,
    args: [path.join(root, 'apps/service-registry/src/main.ts')],
    env: {
      ...{ SERVER_HOST: '127.0.0.1', SERVER_PORT: String(port), LOG_LEVEL: 'error', LOG_FORMAT: 'json' },
      ...{ DATABASE_URL: `sqlite:${file}`, MAX_INSTANCES: '200000', MAX_INSTANCES_PER_SERVICE: '200000' },
      ...{ MAX_INSTANCES_PER_CLIENT: '200000', MAX_WATCHES: '20000', ...env },
    },
  });
}

/** Starts a Consul server that keeps everything on disk; undefined if there is none on this machine. */
export async function startConsul(place: RegistryPlace): Promise<MeasuredRegistry | undefined> {
  const found = findConsul();
  if (found.kind === 'missing') return undefined;
  const [port = 0, server = 0, lan = 0, wan = 0] = await Promise.all(Array.from({ length: 4 }, () => freePort()));
  const ports = { http: port, server, serf_lan: lan, serf_wan: wan, dns: -1, grpc: -1, https: -1 };
  const config = { ports, disable_update_check: true, limits: { http_max_conns_per_client: 5_000 } };
  return started(place, port, '/v1/health/service/consul?passing=1', {
    command: found.path,
    args: [
      ...['agent', '-server', '-bootstrap', '-data-dir', path.join(place.folder, 'consul')],
      ...['-bind=127.0.0.1', '-client=127.0.0.1', '-node=measured', '-log-level=err', '-hcl', JSON.stringify(config)],
    ],
  });
}

/** The APIs that are compared: ours, Consul's as we serve it, and Consul. */
export async function startSubjects(place: RegistryPlace): Promise<readonly Subject[]> {
  const own = await startOwn(place, path.join(place.folder, 'own.db'));
  const likeConsul = await startOwn(place, path.join(place.folder, 'like-consul.db'));
  const consul = await startConsul(place);
  return [
    { name: 'Flotilla', api: ownApi, registry: own },
    { name: 'Flotilla as Consul', api: consulApi, registry: likeConsul },
    ...(consul === undefined ? [] : [{ name: 'Consul', api: consulApi, registry: consul }]),
  ];
}

async function started(
  { processes, core }: RegistryPlace,
  port: number,
  readyPath: string,
  launch: Launch,
): Promise<MeasuredRegistry> {
  const beganMs = performance.now();
  const child = processes.start(core, launch);
  const url = `http://127.0.0.1:${port}`;
  while (performance.now() < beganMs + readyLimitMs && child.running) {
    try {
      const answer = await fetch(url + readyPath);
      const body = await answer.text();
      if (answer.ok && body !== '[]') return { url, process: child, readyMs: performance.now() - beganMs };
    } catch {
      // Not up yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${launch.command} does not serve: ${child.output().slice(-500)}`);
}
