import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRegistry } from '../chassis/servers.ts';
import type { Processes, Started } from '../gateway/run/processes.ts';
import { freePort } from '../gateway/run/running-proxy.ts';
import { installPeers } from '../install-peers.ts';
import { untilAnswered } from '../until-answered.ts';
import type { ServiceUrls } from './databases.ts';
import { type Call, orderText, userCount } from './loads.ts';

/** A server that answers a call. */
export interface Subject {
  readonly process: Started;
  readonly port: number;
}

/** For each call the service, and the smallest server. */
export type Subjects = Readonly<Record<Call, { readonly service: Subject; readonly bare: Subject }>>;

/** Where and how servers are started. */
export interface SubjectPlace {
  readonly processes: Processes;
  readonly core: string;
  readonly folder: string;
  readonly urls: ServiceUrls;
}

const startLimitMs = 30_000;
const root = path.join(import.meta.dirname, '../..');

/** Starts both services as a fleet starts them, and the smallest servers on their databases. */
export async function startSubjects(place: SubjectPlace): Promise<Subjects> {
  const { urls } = place;
  const registry = await startRegistry(place);
  const users = await startService(place, 'user-service', urls.users, registry);
  await addUsers(users.http.port);
  const orders = await startService(place, 'order-service', urls.orders, registry);
  // Once it is accepted, the order's user is known: no further one asks for it.
  await untilCreated(`http://127.0.0.1:${orders.http.port}/orders`, orders.http.process);
  const problem = installPeers(path.join(import.meta.dirname, 'peers'));
  if (problem !== undefined) throw new Error(problem);
  const http = await startBare(place, 'bare-http.mjs');
  const grpc = await startBare(place, 'peers/bare-grpc.mjs', [protoOf('user'), protoOf('order')]);
  return {
    'GET /users/{id}': { service: users.http, bare: http },
    'POST /orders': { service: orders.http, bare: http },
    GetUser: { service: users.grpc, bare: grpc },
    CreateOrder: { service: orders.grpc, bare: grpc },
  };
}

async function startService(
  { processes, core }: SubjectPlace,
  name: string,
  databaseUrl: string,
  registryUrl: string,
): Promise<{ readonly http: Subject; readonly grpc: Subject }> {
  const [port, grpcPort] = [await freePort(), await freePort()];
  const env = {
    SERVER_HOST: '127.0.0.1',
    SERVER_PORT: String(port),
    GRPC_PORT: String(grpcPort),
    DATABASE_URL: databaseUrl,
    REGISTRY_URL: registryUrl,
    LOG_LEVEL: 'error',
    LOG_FORMAT: 'json',
  };
  const args = [path.join(root, 'apps', name, 'src/main.ts')];
  const process_ = processes.start(core, { command: process.execPath, args, env });
  await untilAnswered(`http://127.0.0.1:${port}/ready`, process_, ({ ok }) => ok);
  return { http: { process: process_, port }, grpc: { process: process_, port: grpcPort } };
}

async function startBare(
  { processes, core, urls }: SubjectPlace,
  script: string,
  further: readonly string[] = [],
): Promise<Subject> {
  const port = await freePort();
  const args = [path.join(import.meta.dirname, script), String(port), urls.users, urls.orders, ...further];
  const started = processes.start(core, { command: process.execPath, args });
  await untilListening(port, started);
  return { process: started, port };
}

/** Adds users until there are as many as the load asks for; two come with the database. */
async function addUsers(port: number): Promise<void> {
  for (let id = 3; id <= userCount; id += 1) {
    const body = JSON.stringify({ name: `User ${id}`, email: `user-${id}@example.com` });
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`http://127.0.0.1:${port}/users`, { method: 'POST', headers, body });
    if (status !== 201) throw new Error(`User ${id} could not be added: ${status}`);
  }
}

function protoOf(name: 'user' | 'order'): string {
  return path.join(root, `packages/${name}-contract/proto`);
}

async function untilListening(port: number, started: Started): Promise<void> {
  const lastTryMs = performance.now() + startLimitMs;
  while (performance.now() < lastTryMs && started.running) {
    const socket = connect({ host: '127.0.0.1', port });
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await sleep(100);
  }
  throw new Error(`Nothing listens on port ${port}: ${started.output().slice(0, 500)}`);
}

async function untilCreated(url: string, started: Started): Promise<void> {
  const order = { method: 'POST', headers: { 'content-type': 'application/json' }, body: orderText };
  await untilAnswered(url, started, ({ status }) => status === 201, order);
}
