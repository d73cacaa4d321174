import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  defaultLeaseMs,
  isServed,
  type Registration,
  type RemovalReason,
  type ServiceInstance,
} from '@flotilla/contracts';

/** One request the registry got. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** The registration's token that was shown. */
  readonly token: string | undefined;
}

/** An open watch. */
export interface SeenWatch {
  readonly services: readonly string[];
  /** The revision it resumes at; undefined when it began with a snapshot. */
  readonly from: number | undefined;
  readonly isOpen: boolean;
  /** Sends bytes as they are. */
  send(text: string | Buffer): void;
}

/** What to do with a request instead of answering it properly. */
export type Misbehaviour = 'stall' | 'reset' | { readonly status: number; readonly body: string };

/** A registry that keeps its promises on the wire and nothing else: no leases run out, nothing is stored. */
export interface FakeRegistry extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  readonly watches: readonly SeenWatch[];
  readonly revision: number;
  instances(service: string): readonly ServiceInstance[];
  /** Adds or changes an instance, and tells the watches. */
  put(registration: Registration): ServiceInstance;
  remove(name: string, id: string, reason?: RemovalReason): void;
  bookmark(): void;
  /** Loses everything it knew, silently, as a registry without its disk does: another history, which counts on from `revision`. */
  forget(revision?: number): void;
  /** Another process registers, with a token of its own. */
  takeOver(registration: Registration): void;
  /** Asked before each request; undefined = answer properly. */
  misbehave: (request: SeenRequest) => Misbehaviour | undefined;
  /** Drops every connection and refuses new ones, as if killed. */
  stop(): Promise<void>;
  /** Listens again on the same port, with the state it had. */
  start(): Promise<void>;
}

interface OpenWatch extends SeenWatch {
  readonly response: ServerResponse;
}

/** Starts a {@link FakeRegistry} on a free port of 127.0.0.1. */
export async function fakeRegistry(): Promise<FakeRegistry> {
  const requests: SeenRequest[] = [];
  const watches: OpenWatch[] = [];
  const instances = new Map<string, ServiceInstance>();
  /** By name and id. */
  const tokens = new Map<string, string | undefined>();
  let revision = 0;
  let history = 1;
  let server: Server | undefined;
  let port = 0;

  const listed = (services: readonly string[]): ServiceInstance[] =>
    [...instances.values()].filter((one) => services.length === 0 || services.includes(one.name));
  const broadcast = (service: string | undefined, event: { type: string; revision: number }): void => {
    for (const watch of watches)
      if (watch.isOpen && (service === undefined || watch.services.includes(service))) watch.send(eventText(event));
  };

  const registry: FakeRegistry = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    get revision() {
      return revision;
    },
    requests,
    watches,
    misbehave: () => undefined,
    instances: (service) => listed([service]),
    put(registration) {
      revision += 1;
      const instance = toInstance(registration, revision);
      instances.set(`${instance.name}/${instance.id}`, instance);
      const event = { type: 'put', revision, instance };
      broadcast(instance.name, event);
      return instance;
    },
    remove(name, id, reason = 'deregistered') {
      revision += 1;
      instances.delete(`${name}/${id}`);
      tokens.delete(`${name}/${id}`);
      const event = { type: 'delete', revision, name, id, reason };
      broadcast(name, event);
    },
    bookmark: () => broadcast(undefined, { type: 'bookmark', revision }),
    forget(next = 0) {
      instances.clear();
      tokens.clear();
      revision = next;
      history += 1;
    },
    takeOver(registration) {
      const { name, id } = registry.put(registration);
      tokens.set(`${name}/${id}`, 'the token of another process');
    },
    stop: () =>
      new Promise((resolve) => {
        if (server === undefined) return resolve();
        server.close(() => resolve());
        server.closeAllConnections();
        server = undefined;
      }),
    start: async () => {
      const next = createServer((request, response) => void handle(request, response));
      await new Promise<void>((resolve) => next.listen(port, '127.0.0.1', resolve));
      const bound = next.address();
      if (typeof bound === 'object' && bound !== null) port = bound.port;
      server = next;
    },
    [Symbol.asyncDispose]: () => registry.stop(),
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      // The client went before its request was complete: nobody is left to answer.
      return;
    }
    const token = request.headers['x-registration-token'];
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      body: Buffer.concat(chunks).toString(),
      token: typeof token === 'string' ? token : undefined,
    };
    response.setHeader('x-registry-history', `history ${history}`);
    requests.push(seen);
    const instead = registry.misbehave(seen);
    if (instead === 'stall') return;
    if (instead === 'reset') request.socket.resetAndDestroy();
    else if (instead !== undefined) response.writeHead(instead.status).end(instead.body);
    else answer(seen, response);
  }

  function answer({ method, path, body, token }: SeenRequest, response: ServerResponse): void {
    const url = new URL(path, 'http://registry');
    const [, name = '', id = '', about] =
      /^\/services\/([^/]+)\/instances\/([^/]+)(?:\/(lease|status))?$/.exec(url.pathname) ?? [];
    const key = `${name}/${id}`;
    const known = instances.get(key);
    if (method === 'POST' && path === '/register') {
      // The body is a Registration when our own client sends it, and only that is tested here.
      const registration = JSON.parse(body) as Registration;
      const instance = registry.put(registration);
      tokens.set(`${instance.name}/${instance.id}`, token);
      json(response, 200, { instance, created: true });
    } else if (method === 'GET' && url.pathname === '/watch') openWatch(url.searchParams, response);
    else if (known === undefined) json(response, 404, { code: missing(id, about) });
    else if (method === 'GET') json(response, 200, known);
    else if (tokens.get(key) !== token) json(response, 409, { code: 'REGISTRATION_LOST' });
    else if (method === 'PUT' && about === 'lease')
      json(response, 200, { lease_ms: known.lease_ms, expires_at: known.last_seen });
    else if (method === 'PUT' && about === 'status')
      json(response, 200, registry.put({ ...asRegistration(known), ...(JSON.parse(body) as object) }));
    else if (method === 'DELETE') {
      registry.remove(name, id);
      response.writeHead(204).end();
    } else json(response, 404, { code: 'ROUTE_NOT_FOUND' });
  }

  function openWatch(query: URLSearchParams, response: ServerResponse): void {
    const services = query.getAll('service');
    const from = query.has('from') ? Number(query.get('from')) : undefined;
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    const watch: OpenWatch = {
      services,
      from,
      response,
      get isOpen() {
        return !response.closed;
      },
      send: (text) => void response.write(text),
    };
    watches.push(watch);
    // No history is kept: a watch resumes only when it has missed nothing.
    if (from !== undefined && from !== revision)
      watch.send(eventText({ type: 'reset', reason: from > revision ? 'future' : 'compacted' }));
    if (from !== revision) {
      const event = { type: 'snapshot', revision, history: `history ${history}`, instances: listed(services) };
      watch.send(eventText(event));
    } else watch.send(eventText({ type: 'bookmark', revision }));
  }

  await registry.start();
  return registry;
}

function missing(id: string, about: string | undefined): string {
  if (id === '') return 'ROUTE_NOT_FOUND';
  return about === 'lease' ? 'LEASE_NOT_FOUND' : 'INSTANCE_NOT_FOUND';
}

function asRegistration(instance: ServiceInstance): Registration {
  const { name, id, address, port, tags, metadata, weight, status, lease_ms } = instance;
  return { name, id, address, port, tags, metadata, weight, status, lease_ms };
}

/** A watch event as it goes over the wire. */
export function eventText(event: {
  readonly type: string;
  readonly revision?: number;
  readonly [field: string]: unknown;
}): string {
  const id = event.revision === undefined ? '' : `id: ${event.revision}\n`;
  return `event: ${event.type}\n${id}data: ${JSON.stringify(event)}\n\n`;
}

/** The instance that a registry makes of `registration`, all times at the epoch. */
export function toInstance(registration: Registration, revision: number): ServiceInstance {
  const { name, address, port, status = 'passing' } = registration;
  const serving = isServed(status);
  return {
    name,
    id: registration.id ?? `${name}-${address}-${port}`,
    address,
    port,
    tags: registration.tags ?? [],
    metadata: registration.metadata ?? {},
    weight: registration.weight ?? 1,
    status,
    ready: serving,
    serving,
    draining: false,
    lease_ms: registration.lease_ms ?? defaultLeaseMs,
    last_seen: '1970-01-01T00:00:00.000Z',
    registered_at: '1970-01-01T00:00:00.000Z',
    revision,
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
