import { collectGarbage, FakeDiscovery, watchedEngine } from '@flotilla/conformance';
import { type Clock, systemClock } from '@flotilla/contracts';
import { createGateway, createSocketEngine, type GatewayConfig, type ProxyRouteConfig } from '@flotilla/gateway';
import { createHealth } from '@flotilla/kit/health';
import { createLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { waitUntil } from '@flotilla/testing';
import { Random } from '../fuzz/random.ts';
import { type ClientCounts, runClient } from './chaos-client.ts';
import { ChaosUpstream } from './chaos-upstream.ts';

export interface SoakOptions {
  readonly durationMs: number;
  /** All is let go and measured after each round. */
  readonly roundMs: number;
  readonly seed: number;
  /** Connections at a time. */
  readonly clients: number;
  onRound?(round: SoakRound): void;
}

/** What was left after a round, when everybody had gone. */
export interface SoakRound {
  readonly requests: number;
  readonly heapBytes: number;
  /** Memory outside of the heap. */
  readonly externalBytes: number;
  readonly sockets: number;
  readonly timers: number;
}

export interface SoakReport {
  readonly rounds: readonly SoakRound[];
  readonly counts: ClientCounts;
  readonly upstreamRequests: number;
}

const ship: Omit<ProxyRouteConfig, 'match'> = {
  kind: 'proxy',
  service: 'ship',
  bodyLimitBytes: 150_000,
  timeouts: { connectMs: 300, firstByteMs: 300, progressMs: 300, totalMs: 1_500 },
};

/** Short deadlines, so that every one of them is met many times in a minute. */
const config: GatewayConfig = {
  policies: [{ kind: 'fields', answer: { set: { 'X-Soak': '1' } } }],
  limits: { connectionsPerUpstream: 16 },
  timeouts: {
    ...{ headMs: 400, bodyProgressMs: 400, writeProgressMs: 400 },
    ...{ keepAliveIdleMs: 400, upstreamIdleMs: 200, tunnelIdleMs: 300 },
  },
  routes: [
    { ...ship, match: '/ship/' },
    // Who decides on these requests is no better than who answers them.
    { ...ship, match: '/asked/', policies: [{ kind: 'ask', service: 'ship', target: '/may-it', timeoutMs: 300 }] },
  ],
};

/** Sends mixed traffic with accidents on both sides through a gateway, and measures what stays behind. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const random = new Random(options.seed);
  const upstreams = [new ChaosUpstream(new Random(options.seed + 1)), new ChaosUpstream(new Random(options.seed + 2))];
  const discovery = new FakeDiscovery();
  const ports = await Promise.all(upstreams.map((upstream) => upstream.listen()));
  discovery.set(
    'ship',
    ports.map((port, at) => ({ id: `ship-${at}`, address: '127.0.0.1', port })),
  );
  const clock = new CountingClock();
  const nowhere = { write: () => undefined };
  const logger = createLogger({
    service: 'gateway',
    instance: 'soak',
    format: 'json',
    stdout: nowhere,
    stderr: nowhere,
  });
  const metrics = createMetrics();
  const watched = watchedEngine(createSocketEngine, { keepRecords: false });
  const health = createHealth({ clock });
  const gateway = createGateway({
    config,
    discovery,
    createEngine: watched.createEngine,
    logger,
    metrics,
    health,
    clock,
  });
  const { port } = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const counts: ClientCounts = { connections: 0, sent: 0, answered: 0, left: 0, cut: 0, byStatus: {} };
  const rounds: SoakRound[] = [];
  let tokens = 0;
  const endMs = performance.now() + options.durationMs;
  while (performance.now() < endMs) {
    const roundEndMs = Math.min(endMs, performance.now() + options.roundMs);
    await Promise.all(
      Array.from({ length: options.clients }, async () => {
        while (performance.now() < roundEndMs) await runClient(port, random, counts, () => `t${++tokens}`);
      }),
    );
    await waitUntil(
      'all connections are closed',
      () =>
        /gateway_client_connections 0\n/.test(metrics.render().body) &&
        /gateway_upstream_connections 0\n/.test(metrics.render().body),
    );
    await waitUntil('all timers are over', () => clock.pending === 0);
    const round = await measure(counts.sent, clock.pending);
    rounds.push(round);
    options.onRound?.(round);
  }
  const shown = metrics.render().body;
  if (!/http_server_active_requests 0\n/.test(shown)) throw new Error('Requests are still counted as active');
  if (!/gateway_waiting_requests 0\n/.test(shown)) throw new Error('Requests still wait for a policy');
  if (!/gateway_upstream_requests_in_flight\{service="ship"\} 0/.test(shown))
    throw new Error('Attempts are still open');
  await gateway.close();
  watched.verify();
  const upstreamRequests = upstreams.reduce((sum, { requests }) => sum + requests, 0);
  await Promise.all(upstreams.map((upstream) => upstream.close()));
  return { rounds, counts, upstreamRequests };
}

/** What is wrong with a report; empty when nothing leaked. The first rounds fill caches and pools. */
export function leaksOf({ rounds }: SoakReport): readonly string[] {
  const problems: string[] = [];
  const [last] = rounds.slice(-1);
  const settled = rounds.slice(Math.min(2, rounds.length - 1));
  const [first] = settled;
  if (first === undefined || last === undefined) return ['there was no round'];
  for (const { sockets, timers } of rounds)
    if (sockets > 0 || timers > 0) problems.push(`${sockets} sockets and ${timers} timers were left`);
  const growth = last.heapBytes - first.heapBytes;
  if (growth > 0.1 * first.heapBytes + 1024 ** 2) problems.push(`the heap grew by ${growth} bytes`);
  const outside = last.externalBytes - first.externalBytes;
  if (outside > 4 * 1024 ** 2) problems.push(`memory outside of the heap grew by ${outside} bytes`);
  return problems;
}

async function measure(requests: number, timers: number): Promise<SoakRound> {
  const sockets = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  await waitUntil('all sockets are closed', () => sockets() === 0);
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { requests, heapBytes: heapUsed, externalBytes: external + arrayBuffers, sockets: sockets(), timers };
}

/** The real time, and how many timers are pending. */
class CountingClock implements Clock {
  pending = 0;

  now(): number {
    return systemClock.now();
  }

  monotonicMs(): number {
    return systemClock.monotonicMs();
  }

  after(delayMs: number, run: () => void): { cancel(): void } {
    this.pending += 1;
    let open = true;
    const over = (): void => {
      if (open) this.pending -= 1;
      open = false;
    };
    const timer = systemClock.after(delayMs, () => {
      over();
      run();
    });
    return {
      cancel: () => {
        over();
        timer.cancel();
      },
    };
  }
}
