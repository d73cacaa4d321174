import { type CreateEngine, createGateway, type Gateway, type GatewayConfig } from '@flotilla/gateway';
import { createHealth } from '@flotilla/kit/health';
import { createLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { FakeDiscovery } from '../fake-discovery.ts';
import type { RawUpstream } from '../raw-upstream.ts';
import { type RecordingTracer, recordingTracer } from '../recording-tracer.ts';
import { type TemporaryCertificate, temporaryCertificate } from './temporary-certificate.ts';

/** What the engine hands in when a request is over. */
type FinishedRecord = Parameters<Parameters<CreateEngine>[0]['handler']['finished']>[0];

/** A gateway that serves HTTPS beside HTTP. Its time stands still until a test moves it. */
export interface SecureEngine extends AsyncDisposable {
  /** Of HTTPS. */
  readonly port: number;
  readonly certificate: TemporaryCertificate;
  readonly clock: FakeClock;
  readonly gateway: Gateway;
  /** What was logged, beside requests: the messages. */
  readonly messages: readonly string[];
  /** Of the requests that are over. */
  readonly records: readonly FinishedRecord[];
  /** The spans of those. */
  readonly spans: RecordingTracer['spans'];
  /** Waits until so many are. */
  finished(count: number): Promise<readonly FinishedRecord[]>;
  /** A value of the metrics. */
  metric(name: string): number;
}

/** `/ship/` goes to the service with the instances; `/own` is an answer the gateway makes from two parts. */
const config: GatewayConfig = {
  limits: { headBytes: 8_192, headFields: 50, targetBytes: 2_000 },
  routes: [
    { kind: 'proxy', match: '/ship/', service: 'ship', bodyLimitBytes: 0 },
    { kind: 'proxy', match: '/flow/', service: 'ship', readBodyFirst: false },
    { kind: 'proxy', match: '/short/', service: 'ship', bodyLimitBytes: 10 },
    {
      kind: 'aggregate',
      match: '/own',
      parameters: {},
      parts: { a: { service: 'ship', target: '/a', need: 'required' } },
    },
  ],
};

/**
 * Starts the engine with these instances. When it is disposed of, the engine is closed, and it is an error if a request
 * was reported twice, if one is still open, or if a timer was left.
 */
export async function secureEngine(
  createEngine: CreateEngine,
  upstreams: readonly Pick<RawUpstream, 'address' | 'port'>[],
  changes: Partial<GatewayConfig> = {},
): Promise<SecureEngine> {
  const certificate = await temporaryCertificate('first');
  const clock = new FakeClock();
  const discovery = new FakeDiscovery();
  discovery.set(
    'ship',
    upstreams.map(({ address, port }, at) => ({ id: `ship-${at}`, address, port })),
  );
  const messages: string[] = [];
  const sink = {
    write(text: string): void {
      for (const line of text.split('\n')) {
        // What our own logger writes is one object per line.
        if (line !== '') messages.push((JSON.parse(line) as { msg: string }).msg);
      }
    },
  };
  const logger = createLogger({ service: 'gateway', instance: 'test', format: 'json', stdout: sink, stderr: sink });
  const metrics = createMetrics();
  const records: FinishedRecord[] = [];
  const tracer = recordingTracer();
  let active = (): number => 0;
  const gateway = createGateway({
    config: { ...config, ...changes },
    discovery,
    createEngine(options) {
      const { handler } = options;
      const engine = createEngine({
        ...options,
        handler: {
          unrouted: handler.unrouted,
          decide: (head) => handler.decide(head),
          problem: (...about) => handler.problem(...about),
          finished(record) {
            records.push(record);
            handler.finished(record);
          },
        },
      });
      active = () => engine.activeRequests;
      return engine;
    },
    logger,
    metrics,
    tracer,
    health: createHealth({ clock }),
    tls: { port: 0, certFile: certificate.certFile, keyFile: certificate.keyFile },
    clock,
  });
  const { tlsPort } = await gateway.listen({ host: '127.0.0.1', port: 0 });
  return {
    port: tlsPort ?? 0,
    certificate,
    clock,
    gateway,
    messages,
    records,
    spans: tracer.spans,
    async finished(count) {
      await waitUntil(`${count} requests are over`, () => records.length >= count);
      return records;
    },
    metric(name) {
      const line = metrics
        .render()
        .body.split('\n')
        .find((text) => text.startsWith(`${name} `));
      return Number(line?.split(' ')[1]);
    },
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await waitUntil('no request is open', () => active() === 0);
      await certificate[Symbol.asyncDispose]();
      if (new Set(records).size !== records.length) throw new Error('A request was reported twice.');
      if (clock.pendingDelaysMs.length > 0) throw new Error(`Timers were left: ${clock.pendingDelaysMs.join()} ms`);
    },
  };
}
