import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_RESPONSE_LIMITS } from '@flotilla/http1';
import { FakeClock, fakeUpstream, waitUntil } from '@flotilla/testing';
import { defaultHealthSettings } from '../../config/health-settings.ts';
import { defaultEngineLimits } from '../../config/limits.ts';
import { HealthWatch } from '../../health/health-watch.ts';
import { Upstream } from '../../upstream/upstream.ts';
import { ReadMemory } from '../memory/read-memory.ts';
import { WriteBatch } from '../memory/write-batch.ts';
import type { ResponseSink } from '../sides/response-sink.ts';
import { TimerWheel } from '../time/timer-wheel.ts';
import { TurnClock } from '../time/turn-clock.ts';
import { connectionShares } from './connection-shares.ts';
import type { UpstreamConnection } from './upstream-connection.ts';
import { UpstreamConnections } from './upstream-connections.ts';
import { UpstreamRoom } from './upstream-room.ts';

/** One attempt: asks for its target as soon as it has a connection. */
class Attempt implements ResponseSink {
  readonly target: string;
  connection: UpstreamConnection | undefined;
  failures = 0;

  constructor(target: string) {
    this.target = target;
  }

  onConnection(connection: UpstreamConnection): void {
    this.connection = connection;
    connection.out.text(`GET ${this.target} HTTP/1.1\r\nHost: h\r\n\r\n`);
    connection.out.end();
  }
  onFailure(): void {
    this.failures += 1;
  }
  onInterim(): void {}
  onHead(): void {}
  onBody(): boolean {
    return false;
  }
  onReadEnd(): void {}
  onWritable(): void {}
  onEnd(): void {}
  onSwitch(): void {}
  onSetAside(): void {}
}

const request = { method: 'GET', offered: [], bringsLogin: false, head: undefined, own: undefined };

const limits = { ...defaultEngineLimits, connectionsPerUpstream: 1 };

function connectionsTo(port: number): UpstreamConnections {
  const clock = new TurnClock(new FakeClock());
  const upstream = new Upstream(
    'ship',
    {
      ...{ id: 'ship-0', scheme: 'http', address: '127.0.0.1', port, tags: [], metadata: {}, weight: 1 },
      ...{ zone: undefined, version: undefined },
    },
    ({ address, authority }) =>
      new HealthWatch({
        ...{ address, port, authority, clock, random: () => 0, settings: defaultHealthSettings },
        probe: () => Promise.resolve('passed'),
        listener: { setAside: () => undefined, returned: () => undefined },
      }),
  );
  const settings = {
    ...{ wheel: new TimerWheel(clock), clock, limits: DEFAULT_RESPONSE_LIMITS, memory: new ReadMemory() },
    ...{ shares: connectionShares(limits), configured: limits, idleMs: 4_000, batch: new WriteBatch() },
    room: new UpstreamRoom(100, () => false),
    ...{ longLivedAfterMs: 5_000, countedClient: () => undefined },
  };
  return new UpstreamConnections(upstream, settings, () => undefined);
}

test('a connection that is being opened for a request that has been given up is closed, and the request never sent', async () => {
  await using upstream = await fakeUpstream();
  const connections = connectionsTo(upstream.port);
  const busy = new Attempt('/busy');
  connections.acquire(busy, request, false);
  await waitUntil('the first has its connection', () => busy.connection !== undefined);
  const waiting = new Attempt('/waiting');
  const place = connections.acquire(waiting, request, false);
  // Its turn comes, and a new connection is on its way when it is given up.
  busy.connection?.destroy();
  assert.equal(connections.size, 1);
  place?.destroy();
  assert.equal(connections.size, 0);
  const next = new Attempt('/next');
  connections.acquire(next, request, false);
  await waitUntil('the next has been sent', () =>
    upstream.connections.some(({ received }) => received.includes('/next')),
  );
  assert.deepEqual([waiting.connection, waiting.failures], [undefined, 0]);
  assert.equal(
    upstream.connections.some(({ received }) => received.includes('/waiting')),
    false,
  );
  connections.close();
});
