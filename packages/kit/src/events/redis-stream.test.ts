import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { findRedis, type RunningRedis, startRedis } from '@flotilla/conformance/databases';
import { systemClock } from '@flotilla/contracts';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { openRedis, type Redis } from '../redis/index.ts';
import type { RelayedEvent } from './event-relay.ts';
import type { EventSource, EventsAnswer, EventsRequest } from './event-source.ts';
import { RedisSink } from './redis-sink.ts';
import { createRedisEventSource } from './redis-source.ts';

const engine = findRedis();
const skip = engine.kind === 'missing' ? engine.reason : false;
const { signal } = new AbortController();

async function connected(t: TestContext): Promise<{ server: RunningRedis; redis: Redis }> {
  assert.ok(engine.kind === 'found');
  const server = await startRedis({ path: engine.path });
  t.after(() => server[Symbol.asyncDispose]());
  const redis = await openRedis({ url: server.url, name: 'test' });
  t.after(() => redis.close());
  await waitUntil('connected', () => redis.run !== undefined);
  return { server, redis };
}

function sinkOn(t: TestContext, redis: Redis): RedisSink {
  const sink = new RedisSink({ redis, service: 'things', clock: systemClock });
  t.after(() => sink.close());
  return sink;
}

function event(position: number): RelayedEvent {
  const time = '2026-01-01T00:00:00.000Z';
  const json = JSON.stringify({
    id: `e${position}`,
    source: '/things',
    type: 't',
    subject: 's',
    time,
    position,
    data: 1,
  });
  return { position, json };
}
const events = (...positions: readonly number[]): readonly RelayedEvent[] => positions.map(event);

/** A feed that says when it was asked. */
class Feed implements EventSource {
  asked = 0;
  waitMs = 0;

  async ends(): ReturnType<EventSource['ends']> {
    return { feed: 'f', oldest: 1, newest: 9 };
  }

  async read({ waitMs }: EventsRequest): Promise<EventsAnswer> {
    this.asked += 1;
    this.waitMs = waitMs;
    return { kind: 'gone' };
  }
}

test('the stream ends with what was published last, and one instance publishes', { skip }, async (t) => {
  const { server, redis } = await connected(t);
  const [one, other] = [sinkOn(t, redis), sinkOn(t, redis)];
  assert.equal(await one.position('f'), undefined);
  await assert.rejects(other.position('f'), /Another instance/);
  await one.publish('f', events(4, 5));
  await assert.rejects(other.publish('f', events(6)), /Another instance/);
  await one.close();
  assert.equal(await other.position('f'), 5);
  await other.publish('f', events(6));
  assert.match(await server.ask('XLEN', 'flotilla:events:things'), /^:3/);
});

test('an instance that was stopped, or a Redis that has lost entries, makes neither gap nor disorder', {
  skip,
}, async (t) => {
  const { server, redis } = await connected(t);
  const [stopped, other] = [sinkOn(t, redis), sinkOn(t, redis)];
  await stopped.position('f');
  await stopped.publish('f', events(1, 2));
  // Its lease runs out while it is stopped, and is then its own again.
  await server.ask('DEL', 'flotilla:events:things:relay');
  await other.position('f');
  await other.publish('f', events(3));
  await other.close();
  assert.equal(await stopped.position('f'), 3);
  await server.ask('XDEL', 'flotilla:events:things', '3-0');
  await assert.rejects(stopped.publish('f', events(4)), /does not end where it ended/);
  await server.ask('DEL', 'flotilla:events:things');
  await assert.rejects(stopped.publish('f', events(4)), /does not end where it ended/);
});

test('another feed replaces the stream', { skip }, async (t) => {
  const { redis } = await connected(t);
  const sink = sinkOn(t, redis);
  await sink.position('f');
  await sink.publish('f', events(1, 2, 3));
  assert.equal(await sink.position('g'), undefined);
  await sink.publish('g', events(1));
  const source = createRedisEventSource({ redis, service: 'things', feed: new Feed(), clock: systemClock });
  const answer = await source.read({ feed: 'g', after: 1, limit: 10, waitMs: 0, signal });
  assert.deepEqual(answer, { kind: 'events', feed: 'g', oldest: 1, newest: 1, events: [] });
});

test('a reader goes on in the stream where it stands, and waits there for news', { skip }, async (t) => {
  const { redis } = await connected(t);
  const sink = sinkOn(t, redis);
  await sink.position('f');
  await sink.publish('f', events(1, 2, 3));
  const feed = new Feed();
  const source = createRedisEventSource({ redis, service: 'things', feed, clock: systemClock });
  const positions = async (after: number, waitMs: number): Promise<unknown> => {
    const answer = await source.read({ feed: 'f', after, limit: 2, waitMs, signal });
    return answer.kind === 'events' && answer.events.map(({ position }) => position);
  };
  assert.deepEqual(await positions(1, 0), [2, 3]);
  assert.deepEqual(await positions(3, 0), []);
  const waiting = positions(3, 20_000);
  await sink.publish('f', events(4));
  assert.deepEqual(await waiting, [4]);
  assert.equal(feed.asked, 0);
});

test('the feed is asked for what the stream does not have, or somebody else wrote', { skip }, async (t) => {
  const { server, redis } = await connected(t);
  const sink = sinkOn(t, redis);
  await sink.position('f');
  await sink.publish('f', events(3, 4, 5));
  const feed = new Feed();
  const source = createRedisEventSource({ redis, service: 'things', feed, clock: systemClock });
  const goesToFeed = async (after: number, name: string = 'f'): Promise<boolean> => {
    const before = feed.asked;
    await source.read({ feed: name, after, limit: 10, waitMs: 0, signal });
    return feed.asked > before;
  };
  assert.equal(await goesToFeed(3), false);
  assert.equal(await goesToFeed(0), true);
  assert.equal(await goesToFeed(2), true, 'trimmed');
  assert.equal(await goesToFeed(6), true, 'ahead of the stream');
  assert.equal(await goesToFeed(3, 'g'), true, 'the stream is of another feed');
  await server.ask('XDEL', 'flotilla:events:things', '4-0');
  assert.equal(await goesToFeed(3), true, 'a gap');
  await server.ask('XADD', 'flotilla:events:things', '6-0', 'feed', 'f', 'event', '{}');
  assert.equal(await goesToFeed(5), true, 'no event');
  await server.ask('XADD', 'flotilla:events:things', '7-0', 'x', 'y');
  assert.equal(await goesToFeed(5), true, 'no entry of ours');
  await server.ask('SET', 'flotilla:events:things', 'x');
  assert.equal(await goesToFeed(5), true, 'no stream');
  await server.kill();
  await waitUntil('Redis is gone', () => redis.run === undefined);
  assert.equal(await goesToFeed(5), true, 'no Redis');
});

test('a Redis that goes away at the end of a wait leaves a wait that the feed can read', { skip }, async (t) => {
  const { server, redis } = await connected(t);
  const sink = sinkOn(t, redis);
  await sink.position('f');
  await sink.publish('f', events(1));
  const feed = new Feed();
  const clock = new FakeClock();
  const source = createRedisEventSource({ redis, service: 'things', feed, clock });
  const waiting = source.read({ feed: 'f', after: 1, limit: 10, waitMs: 1_000.5, signal });
  await waitUntil('it waits', () => clock.pendingDelaysMs.length > 0);
  await server.kill();
  await waitUntil('Redis is gone', () => redis.run === undefined);
  clock.advance(50);
  await waiting;
  assert.equal(feed.asked, 1);
  assert.ok(Number.isInteger(feed.waitMs), `${feed.waitMs} ms`);
});
