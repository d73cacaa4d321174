import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawUpstream } from '@flotilla/conformance';
import { DEFAULT_RESPONSE_LIMITS } from '@flotilla/http1';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { defaultHealthSettings } from '../../config/health-settings.ts';
import { defaultEngineLimits } from '../../config/limits.ts';
import { HealthWatch } from '../../health/health-watch.ts';
import { Upstream } from '../../upstream/upstream.ts';
import { ReadMemory } from '../memory/read-memory.ts';
import type { AttemptSink, ResponseSink } from '../sides/response-sink.ts';
import type { StreamPool } from '../sides/stream-pool.ts';
import type { OutgoingRequest, UpstreamSide } from '../sides/upstream-side.ts';
import { TimerWheel } from '../time/timer-wheel.ts';
import { TurnClock, WriteBatch } from '../time/turn.ts';
import { http1Streams } from './http1-pool.ts';
import { connectionShares } from './pool-settings.ts';
import { UpstreamRoom } from './upstream-room.ts';

const request: OutgoingRequest = {
  ...{ method: 'GET', target: '/', fields: ['Host', 'h'], hasBody: false, contentLength: -1, expectContinue: false },
  ...{ offered: [], bringsLogin: false, onBehalfOf: undefined, own: undefined, ownHolder: undefined },
};

/** One attempt: asks for its target as soon as it has a stream. */
class Attempt implements AttemptSink, ResponseSink {
  readonly response: ResponseSink = this;
  readonly target: string;
  stream: UpstreamSide | undefined;
  failures = 0;

  constructor(target: string) {
    this.target = target;
  }

  onStream(stream: UpstreamSide): void {
    this.stream = stream;
    stream.sendHead({ ...request, target: this.target });
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

const limits = { ...defaultEngineLimits, connectionsPerUpstream: 1 };

function poolOf(port: number): StreamPool {
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
  return http1Streams()(upstream, settings, () => undefined);
}

test('a connection being opened for an abandoned request is closed, and the request is never sent', async () => {
  await using upstream = await rawUpstream();
  const pool = poolOf(upstream.port);
  const busy = new Attempt('/busy');
  pool.acquire(busy, request, false);
  await waitUntil('the first has its stream', () => busy.stream !== undefined);
  const waiting = new Attempt('/waiting');
  const place = pool.acquire(waiting, request, false);
  // Its turn comes, and a new connection is on its way when it is given up.
  busy.stream?.cancel();
  assert.equal(pool.size, 1);
  place?.cancel();
  assert.equal(pool.size, 0);
  const next = new Attempt('/next');
  pool.acquire(next, request, false);
  await waitUntil('the next has been sent', () =>
    upstream.connections.some(({ received }) => received.includes('/next')),
  );
  assert.deepEqual([waiting.stream, waiting.failures], [undefined, 0]);
  assert.equal(
    upstream.connections.some(({ received }) => received.includes('/waiting')),
    false,
  );
  pool.close();
});
