import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import type { KyselyPlugin } from 'kysely';
import { z } from 'zod';
import { type Database, openDatabase } from '../database/index.ts';
import { silentLogger } from '../logger/index.ts';
import { TraceIds } from '../telemetry/index.ts';
import { createEventFeed, type EventFeed } from './event-feed.ts';
import { eventJson, receivedEventSchema } from './event-json.ts';
import { defineEvents } from './event-kinds.ts';
import { eventTables } from './event-tables.ts';

const kinds = defineEvents('ship-service', { 'ship.sailed': z.object({ n: z.number(), text: z.string().optional() }) });
type Feed = EventFeed<typeof kinds.schemas>;

interface Opened {
  readonly database: Database<unknown>;
  readonly feed: Feed;
}

interface OpenOptions {
  readonly retentionMs?: number;
  /** What the feed sees of the database. Default: the database. */
  readonly seen?: (database: Database<unknown>) => Database<unknown>;
}

/** One instance of a service: its own connection to a database that it shares with others. */
async function open(t: TestContext, url: string, clock: FakeClock, options: OpenOptions = {}): Promise<Opened> {
  const { retentionMs, seen = (database) => database } = options;
  const migrations = [{ id: '0001-create-events', sql: eventTables }];
  const database = await openDatabase<unknown>({ url, migrations });
  const feed = createEventFeed({ database: seen(database), kinds, clock, logger: silentLogger(), retentionMs });
  t.after(async () => {
    feed.close();
    await database.close();
  });
  return { database, feed };
}

function fileUrl(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-events-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return `sqlite:${join(folder, 'events.db')}`;
}

async function tell({ database, feed }: Opened, ...numbers: readonly number[]): Promise<void> {
  await database.transaction(async (transaction) => {
    for (const n of numbers) await feed.add(transaction, { type: 'ship.sailed', subject: `ships/${n}`, data: { n } });
  });
}

const positions = (events: readonly { readonly position: number }[]): readonly number[] =>
  events.map(({ position }) => position);

test('events get positions without gaps, in the order in which they were written, and are read from any of them', async (t) => {
  const clock = new FakeClock();
  const opened = await open(t, 'sqlite::memory:', clock);
  const empty = await opened.feed.read({ after: 0 });
  assert.deepEqual({ ...empty, feed: '' }, { kind: 'events', feed: '', oldest: 1, newest: 0, events: [] });
  await tell(opened, 1, 2);
  await tell(opened, 3);
  const all = await opened.feed.read({ after: 0 });
  assert.deepEqual(positions(all.kind === 'events' ? all.events : []), [1, 2, 3]);
  assert.equal(all.feed, empty.feed, 'the feed keeps its name');
  const rest = await opened.feed.read({ after: 1, limit: 1 });
  assert.deepEqual([rest.kind, rest.oldest, rest.newest], ['events', 1, 3]);
  assert.deepEqual(positions(rest.kind === 'events' ? rest.events : []), [2]);
  const ends = await opened.feed.read({});
  assert.deepEqual(ends, { kind: 'events', feed: empty.feed, oldest: 1, newest: 3, events: [] });
});

test('an event is what CloudEvents calls one, and names the trace of the request that caused it', async (t) => {
  const clock = new FakeClock();
  const opened = await open(t, 'sqlite::memory:', clock);
  const trace = new TraceIds().newTrace();
  await opened.database.transaction(async (transaction) => {
    opened.feed.attribute(transaction, trace);
    await opened.feed.add(transaction, { type: 'ship.sailed', subject: 'ships/7', data: { n: 7, text: '"甲"\u2028' } });
  });
  const page = await opened.feed.read({ after: 0 });
  const [event] = page.kind === 'events' ? page.events : [];
  assert.ok(event);
  const json: unknown = JSON.parse(eventJson(opened.feed.source, event));
  assert.deepEqual(json, {
    specversion: '1.0',
    id: event.event_id,
    source: '/ship-service',
    type: 'ship.sailed',
    subject: 'ships/7',
    time: new Date(clock.now()).toISOString(),
    datacontenttype: 'application/json',
    position: 1,
    traceparent: `00-${trace.traceId}-${trace.spanId}-${trace.sampled ? '01' : '00'}`,
    data: { n: 7, text: '"甲"\u2028' },
  });
  assert.equal(receivedEventSchema.parse(json).time, clock.now());
});

test('what is rolled back is not told', async (t) => {
  const opened = await open(t, 'sqlite::memory:', new FakeClock());
  await assert.rejects(
    opened.database.transaction(async (transaction) => {
      await opened.feed.add(transaction, { type: 'ship.sailed', subject: 'ships/1', data: { n: 1 } });
      throw new Error('no');
    }),
    /no/,
  );
  const tooLong = { type: 'ship.sailed', subject: 'ships/1', data: { n: 1, text: 'x'.repeat(70_000) } } as const;
  await assert.rejects(
    opened.database.transaction((transaction) => opened.feed.add(transaction, tooLong)),
    /has 70017 characters, but an event has at most 65536/,
  );
  assert.equal((await opened.feed.read({ after: 0 })).newest, 0);
});

test('who waits gets an event of another instance, which nobody told of it, and one of this instance at once', async (t) => {
  const clock = new FakeClock();
  const url = fileUrl(t);
  const one = await open(t, url, clock);
  const other = await open(t, url, clock);
  const own = one.feed.read({ after: 0, waitMs: 30_000 });
  await tell(one, 1);
  await clock.advanceAsync(20);
  assert.deepEqual(positions(((await own) as { events: readonly { position: number }[] }).events), [1]);
  const foreign = one.feed.read({ after: 1, waitMs: 30_000 });
  await clock.advanceAsync(0);
  await tell(other, 2);
  await clock.advanceAsync(500);
  assert.deepEqual(positions(((await foreign) as { events: readonly { position: number }[] }).events), [2]);
});

test('a wait ends when its time is over, when its reader leaves, and when the program stops', async (t) => {
  const clock = new FakeClock();
  const { feed } = await open(t, 'sqlite::memory:', clock);
  const late = feed.read({ after: 0, waitMs: 1_000 });
  await clock.advanceAsync(1_000);
  assert.equal((await late).newest, 0);
  const gone = new AbortController();
  const left = feed.read({ after: 0, waitMs: 1_000, signal: gone.signal });
  await clock.advanceAsync(1);
  gone.abort();
  assert.equal((await left).newest, 0);
  const stopped = feed.read({ after: 0, waitMs: 1_000 });
  await clock.advanceAsync(1);
  feed.close();
  assert.equal((await stopped).newest, 0);
  assert.equal((await feed.read({ after: 0, waitMs: 1_000 })).newest, 0, 'and none begins');
});

test('instances that give positions at the same time give each event one, and none twice', async (t) => {
  const clock = new FakeClock();
  const url = fileUrl(t);
  const instances = await Promise.all([open(t, url, clock), open(t, url, clock), open(t, url, clock)]);
  await Promise.all(
    instances.map(async (instance, at) => {
      for (let n = 0; n < 20; n += 1) {
        await tell(instance, at * 100 + n);
        await instance.feed.read({});
      }
    }),
  );
  const [page, ...others] = await Promise.all(instances.map(({ feed }) => feed.read({ after: 0, limit: 1_000 })));
  assert.ok(page?.kind === 'events');
  assert.deepEqual(
    positions(page.events),
    Array.from({ length: 60 }, (_, index) => index + 1),
  );
  assert.equal(new Set(page.events.map(({ subject }) => subject)).size, 60);
  for (const at of [0, 1, 2]) {
    const numbers: number[] = page.events
      .map(({ subject }) => Number(subject.slice('ships/'.length)))
      .filter((n) => Math.floor(n / 100) === at);
    assert.equal(numbers.length, 20);
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
      'each writer in its order',
    );
  }
  for (const other of others) assert.deepEqual(other, page);
});

test('a reader whose position another instance has given a moment ago is not told that events are gone', async (t) => {
  const clock = new FakeClock();
  const url = fileUrl(t);
  const other = await open(t, url, clock);
  const { database } = await open(t, url, clock);
  await tell(other, 1);
  await other.feed.read({});
  // What this instance reads first arrives late.
  const late = Promise.withResolvers<void>();
  const delayed: Database<unknown> = {
    ...database,
    prepare(build) {
      const query = database.prepare(build);
      const delayedQuery = async (...[values, transaction]: Parameters<typeof query>) => {
        const rows = await query(values, transaction);
        await late.promise;
        return rows;
      };
      return Object.assign(delayedQuery, { later: query.later });
    },
  };
  const feed = createEventFeed({ database: delayed, kinds, clock, logger: silentLogger() });
  t.after(() => feed.close());
  const early = feed.read({ after: 0 });
  await clock.advanceAsync(0);
  await tell(other, 2);
  await other.feed.read({});
  const reader = feed.read({ after: 2 });
  late.resolve();
  assert.deepEqual([(await early).kind, (await reader).kind], ['events', 'events']);
});

test('old events go from the front; a reader who missed them is told, and positions are not used again', async (t) => {
  const clock = new FakeClock();
  const opened = await open(t, 'sqlite::memory:', clock, { retentionMs: 60_000 });
  await tell(opened, 1, 2);
  // The clock is set back: the next event seems older than those before it.
  clock.jumpWallClock(-50_000);
  await tell(opened, 3);
  clock.jumpWallClock(50_000);
  await tell(opened, 4);
  await clock.advanceAsync(15_000);
  await opened.feed.sweep();
  assert.equal((await opened.feed.read({})).oldest, 1, 'what is younger stays, and nothing behind it goes');
  clock.jumpWallClock(46_000);
  assert.equal(await opened.feed.sweep(), 4);
  const gone = await opened.feed.read({ after: 2 });
  assert.deepEqual([gone.kind, gone.oldest, gone.newest], ['gone', 5, 4]);
  assert.equal((await opened.feed.read({ after: 4 })).kind, 'events');
  assert.equal((await opened.feed.read({ after: 9 })).kind, 'gone', 'the feed has never come so far');
  await tell(opened, 5);
  const next = await opened.feed.read({ after: 4 });
  assert.deepEqual(positions(next.kind === 'events' ? next.events : []), [5]);
});

test('events that nobody reads get positions and are removed as well, by itself', async (t) => {
  const clock = new FakeClock();
  const opened = await open(t, 'sqlite::memory:', clock, { retentionMs: 100_000 });
  for (let n = 0; n < 300; n += 1) await tell(opened, n);
  await clock.advanceAsync(10_001);
  const read = async (): Promise<readonly number[]> => {
    const tables = opened.database as Database<{ event_outbox: { id: number }; event_log: { position: number } }>;
    const outbox = await tables.query.selectFrom('event_outbox').select('id').execute();
    const log = await tables.query.selectFrom('event_log').select('position').execute();
    return [outbox.length, log.length];
  };
  assert.deepEqual(await read(), [0, 300]);
  await clock.advanceAsync(110_000);
  assert.deepEqual(await read(), [0, 0]);
});

test('an event that is told while old ones are looked for is kept', async (t) => {
  const clock = new FakeClock();
  const url = fileUrl(t);
  const other = await open(t, url, clock);
  let told = false;
  /** Once it was seen that no event is young, another instance tells of one, and gives it its position. */
  const tellLate: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (!told && result.rows.length === 0) {
        told = true;
        await tell(other, 3);
        await other.feed.read({});
      }
      return result;
    },
  };
  const opened = await open(t, url, clock, {
    retentionMs: 60_000,
    seen: (database) => ({ ...database, query: database.query.withPlugin(tellLate) }),
  });
  await tell(other, 1, 2);
  await other.feed.read({});
  clock.jumpWallClock(60_001);
  assert.equal(await opened.feed.sweep(), 2);
  assert.ok(told);
  const page = await opened.feed.read({ after: 2 });
  assert.deepEqual(positions(page.kind === 'events' ? page.events : []), [3]);
});

test('a reader who has more than a look that is under way will find is not told that events are gone', async (t) => {
  const clock = new FakeClock();
  const url = fileUrl(t);
  const other = await open(t, url, clock);
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const opened = await open(t, url, clock, {
    seen: (database) => ({
      ...database,
      prepare(build) {
        const query = database.prepare(build);
        let isWaiting = false;
        database.prepare((values: Parameters<typeof build>[0]) => {
          const compilable = build(values);
          isWaiting = compilable.compile().sql.includes('event_outbox');
          return compilable;
        });
        const heldQuery = async (...[values, transaction]: Parameters<typeof query>) => {
          if (isWaiting) {
            begun.resolve();
            await held.promise;
          }
          return query(values, transaction);
        };
        return Object.assign(heldQuery, { later: query.later });
      },
    }),
  });
  await other.feed.read({});
  const slow = opened.feed.read({});
  await begun.promise;
  await tell(other, 1, 2);
  await other.feed.read({});
  const next = opened.feed.read({ after: 2 });
  held.resolve();
  await slow;
  assert.equal((await next).kind, 'events');
});

test('a feed that somebody gives another name, since its database was restored, goes on under that name', async (t) => {
  const opened = await open(t, 'sqlite::memory:', new FakeClock());
  await tell(opened, 1, 2);
  await opened.feed.read({});
  const tables = opened.database as Database<{ event_feed: { feed: string } }>;
  await tables.query.updateTable('event_feed').set({ feed: 'restored-2026-12-01' }).execute();
  await tell(opened, 3);
  const page = await opened.feed.read({ after: 1 });
  assert.equal(page.feed, 'restored-2026-12-01');
  assert.deepEqual(positions(page.kind === 'events' ? page.events : []), [2, 3]);
});

test('a page ends when it is large', async (t) => {
  const opened = await open(t, 'sqlite::memory:', new FakeClock());
  for (let n = 0; n < 40; n += 1)
    await opened.database.transaction((transaction) =>
      opened.feed.add(transaction, { type: 'ship.sailed', subject: 's', data: { n, text: '甲'.repeat(60_000) } }),
    );
  const sizes: number[] = [];
  for (let after = 0; after < 40; ) {
    const page = await opened.feed.read({ after, limit: 1_000 });
    assert.ok(page.kind === 'events' && page.events.length > 0);
    sizes.push(page.events.length);
    after = page.events.at(-1)?.position ?? 40;
  }
  assert.deepEqual(sizes, [18, 18, 4]);
});
