import { type CreateEngine, createGateway, type Gateway, type GatewayConfig } from '@flotilla/gateway';
import { createHealth } from '@flotilla/kit/health';
import { createLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { FakeDiscovery } from '../../fake-discovery.ts';
import { RawClient } from '../../raw-client.ts';
import type { RawUpstream } from '../../raw-upstream.ts';
import { type RecordingTracer, recordingTracer } from '../../recording-tracer.ts';
import { type FinishedRecord, watchedEngine } from './watched-engine.ts';

/** A whole gateway around the engine under test, between raw sockets. Its time stands still until a test moves it. */
export interface EngineHarness extends AsyncDisposable {
  readonly port: number;
  readonly clock: FakeClock;
  readonly gateway: Gateway;
  readonly discovery: FakeDiscovery;
  /** A new connection to the gateway. */
  connect(): Promise<RawClient>;
  /** Its metrics, as they are shown. */
  metrics(): string;
  /** The spans of requests that are over. Requests are traced throughout the suite: nothing about them may differ. */
  readonly spans: RecordingTracer['spans'];
  /** What the engine has reported so far, one record per request. */
  readonly records: readonly FinishedRecord[];
  /** The access log's lines so far. */
  readonly requests: readonly Readonly<Record<string, unknown>>[];
  /** Waits until so many requests are over, and returns their lines. */
  finished(count: number): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

const timed = { connectMs: 1_000, firstByteMs: 2_000, progressMs: 5_000, totalMs: 10_000 };
const flowing = { kind: 'proxy', service: 'ship', readBodyFirst: false, bodyBytesPerSecond: 0 } as const;

/** The routes of the suite; `ship` is the service with instances, `ghost` has none. */
const config: GatewayConfig = {
  limits: { headBytes: 8_192, headFields: 50, targetBytes: 2_000 },
  // Upstreams here say nothing for as long as a test wants; a probe would be one more connection to count.
  health: { silenceMs: 86_400_000 },
  routes: [
    { kind: 'proxy', match: '/ship/', service: 'ship' },
    { kind: 'proxy', match: '/short/', service: 'ship', bodyLimitBytes: 10 },
    // As above, but each byte of a body is passed on when it comes, and may take its time.
    { ...flowing, match: '/flow/' },
    { ...flowing, match: '/short/flow/', bodyLimitBytes: 10 },
    { ...flowing, match: '/timed/flow', timeouts: timed },
    { kind: 'proxy', match: '/ghost', service: 'ghost' },
    {
      kind: 'proxy',
      match: '/timed',
      service: 'ship',
      timeouts: timed,
    },
    {
      kind: 'aggregate',
      match: '/both',
      parameters: {},
      parts: {
        a: { service: 'ship', target: '/a', need: 'required', maxBodyBytes: 100 },
        b: { service: 'ship', target: '/b', need: 'optional' },
      },
    },
  ],
};

/**
 * Starts the engine with these instances of the service `ship`. When it is disposed of, the engine is closed, and it is
 * an error if it has not reported each request exactly once or has left a timer.
 *
 * @param changes other parts of the configuration than those above
 */
export async function startEngine(
  createEngine: CreateEngine,
  upstreams: readonly Pick<RawUpstream, 'address' | 'port'>[],
  changes: Partial<GatewayConfig> = {},
): Promise<EngineHarness> {
  const clock = new FakeClock();
  const discovery = new FakeDiscovery();
  // In the order given, so that a test knows who is asked first.
  const instances = upstreams.map(({ address, port }, at) => ({ id: `ship-${at}`, address, port }));
  discovery.set('ship', instances);
  discovery.set('ghost', []);
  const requests: Record<string, unknown>[] = [];
  const sink = {
    write(text: string): void {
      for (const line of text.split('\n')) {
        if (line === '') continue;
        // What our own logger writes is one object per line.
        const fields = JSON.parse(line) as Record<string, unknown>;
        if (fields['msg'] === 'request') requests.push(fields);
      }
    },
  };
  // Probes are logged at `debug`.
  const to = { format: 'json', level: 'debug', stdout: sink, stderr: sink } as const;
  const logger = createLogger({ service: 'gateway', instance: 'test', ...to });
  const metrics = createMetrics();
  const health = createHealth({ clock });
  health.setState('ready');
  const watched = watchedEngine(createEngine);
  const tracer = recordingTracer();
  const gateway = createGateway({
    config: { ...config, ...changes },
    discovery,
    createEngine: watched.createEngine,
    logger,
    metrics,
    tracer,
    health,
    clock,
    // So that they are asked in that order.
    random: () => 0.5,
  });
  const { port } = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const clients: RawClient[] = [];
  return {
    port,
    clock,
    gateway,
    discovery,
    requests,
    spans: tracer.spans,
    records: watched.records,
    metrics: () => metrics.render().body,
    async connect() {
      const client = await RawClient.connect(port);
      clients.push(client);
      return client;
    },
    async finished(count) {
      await waitUntil(`${count} requests are over`, () => requests.length >= count);
      return requests;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client[Symbol.dispose]();
      await gateway.close();
      watched.verify();
      if (clock.pendingDelaysMs.length > 0) throw new Error(`Timers were left: ${clock.pendingDelaysMs.join()} ms`);
    },
  };
}

/** A response with a length. */
export function ok(body: string, extraFields = ''): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n${extraFields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** A request without a body; `fields` end in CRLF each. */
export function get(target: string, fields = '', method = 'GET'): string {
  return `${method} ${target} HTTP/1.1\r\nHost: gateway.example\r\n${fields}\r\n`;
}

/** Waits until the gateway has left its first connection to `upstream`, by FIN or reset. */
export async function peerGone(upstream: RawUpstream): Promise<void> {
  await waitUntil('the gateway has closed its connection', () => {
    const [connection] = upstream.connections;
    return connection !== undefined && (connection.peerEnded || connection.isClosed);
  });
}
