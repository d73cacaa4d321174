import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError } from '@flotilla/contracts';
import { FakeClock, recordingLogger } from '@flotilla/testing';
import { z } from 'zod';
import { type Database, openDatabase, type Transaction } from '../database/index.ts';
import { type Logger, silentLogger } from '../logger/index.ts';
import { createMetrics } from '../telemetry/index.ts';
import {
  createEventConsumer,
  type EventConsumer,
  type EventConsumerOptions,
  type RecordCopy,
} from './event-consumer.ts';
import type { ReceivedEvent } from './event-json.ts';
import { defineEvents } from './event-kinds.ts';
import type { EventSource, EventsAnswer } from './event-source.ts';
import { consumerTable } from './event-tables.ts';

const kinds = defineEvents('ship-service', { 'ship.sailed': z.object({ ship: z.number() }) });

interface Tables {
  readonly voyages: { readonly ship: number; readonly count: number };
  readonly event_consumers: { readonly position: number; readonly feed: string };
}

/** A feed that a test fills. */
class FakeSource implements EventSource {
  feed = 'f-1';
  oldest = 1;
  failure: Error | undefined;
  /** What is given in answer to the next question instead of the events that are due. */
  readonly answers: EventsAnswer[] = [];
  readonly asked: number[] = [];
  readonly #clock: FakeClock;
  #events: ReceivedEvent[] = [];
  #waiting = Promise.withResolvers<void>();

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  get newest(): number {
    return this.#events.length;
  }

  tell(type: string, data: unknown): void {
    const position = this.newest + 1;
    const event = { source: '/ship-service', subject: 'ships/1', time: this.#clock.now(), type, data, position };
    this.#events.push({ id: `${this.feed}-${position}`, ...event });
    this.wake();
  }

  correct(position: number, data: unknown): void {
    this.#events = this.#events.map((event) => (event.position === position ? { ...event, data } : event));
  }

  replace(feed: string): void {
    this.feed = feed;
    this.#events = [];
    this.wake();
  }

  wake(): void {
    this.#waiting.resolve();
    this.#waiting = Promise.withResolvers();
  }

  async ends(): Promise<{ feed: string; oldest: number; newest: number }> {
    if (this.failure !== undefined) throw this.failure;
    return { feed: this.feed, oldest: this.oldest, newest: this.newest };
  }

  async read({ after, limit, signal }: Parameters<EventSource['read']>[0]): Promise<EventsAnswer> {
    this.asked.push(after);
    const given = this.answers.shift();
    if (given !== undefined) return given;
    const ended = (): void => this.wake();
    signal.addEventListener('abort', ended);
    while (this.failure === undefined && after === this.newest && !signal.aborted) await this.#waiting.promise;
    signal.removeEventListener('abort', ended);
    if (this.failure !== undefined) throw this.failure;
    if (after < this.oldest - 1 || after > this.newest) return { kind: 'gone' };
    const events = this.#events.slice(after, after + limit);
    return { kind: 'events', feed: this.feed, oldest: this.oldest, newest: this.newest, events };
  }
}

const everything = { feed: 'f-1', after: 0, limit: 100, waitMs: 0, signal: new AbortController().signal };

interface Following {
  readonly clock: FakeClock;
  readonly source: FakeSource;
  readonly database: Database<Tables>;
  start(more?: Partial<EventConsumerOptions<typeof kinds.schemas>>): EventConsumer;
  /** How often each ship sailed, by what the consumer has written. */
  voyages(): Promise<Readonly<Record<number, number>>>;
  metrics(): string;
}

async function following(t: TestContext): Promise<Following> {
  const clock = new FakeClock();
  const source = new FakeSource(clock);
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-consumer-'));
  const create = {
    id: '0001',
    sql: (words: Parameters<typeof consumerTable>[0]) =>
      `${consumerTable(words)}; CREATE TABLE voyages (ship INTEGER PRIMARY KEY, count INTEGER);`,
  };
  const database = await openDatabase<Tables>({ url: `sqlite:${join(folder, 'c.db')}`, migrations: [create] });
  const metrics = createMetrics();
  const consumers: EventConsumer[] = [];
  t.after(async () => {
    for (const consumer of consumers) await consumer.close();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    clock,
    source,
    database,
    start(more = {}) {
      const consumer = createEventConsumer({
        ...{ name: 'voyages', kinds, source, clock, metrics, logger: silentLogger(), random: () => 1 },
        database: database as unknown as Database<unknown>,
        apply: sail,
        ...more,
      });
      consumers.push(consumer);
      return consumer;
    },
    async voyages() {
      const rows = await database.query.selectFrom('voyages').selectAll().orderBy('ship').execute();
      return Object.fromEntries(rows.map(({ ship, count }) => [ship, count]));
    },
    metrics: () => metrics.render().body,
  };
}

/** An effect that shows when it is written twice. */
async function sail(transaction: Transaction, event: { readonly data: { readonly ship: number } }): Promise<void> {
  const query = transaction.query as Database<Tables>['query'];
  const { ship } = event.data;
  const known = await query.selectFrom('voyages').select('count').where('ship', '=', ship).executeTakeFirst();
  if (known === undefined) await query.insertInto('voyages').values({ ship, count: 1 }).execute();
  else
    await query
      .updateTable('voyages')
      .set({ count: known.count + 1 })
      .where('ship', '=', ship)
      .execute();
}

/** In steps, each with some turns of the event loop, at the ends of which transactions take effect. */
async function advance(clock: FakeClock, byMs: number): Promise<void> {
  for (let turn = 1; turn < 120; turn += 1) await clock.advanceAsync(turn % 10 === 0 && turn <= 100 ? byMs / 10 : 0);
}
const settle = (clock: FakeClock): Promise<void> => advance(clock, 0);

test('each event takes effect once, in its order, and types that are not known are skipped', async (t) => {
  const { clock, source, start, voyages, metrics } = await following(t);
  source.tell('ship.sailed', { ship: 1 });
  const consumer = start();
  await settle(clock);
  source.tell('ship.painted', 'a type of a later version');
  source.tell('ship.sailed', { ship: 1, captain: 'a field of a later version' });
  source.tell('ship.sailed', { ship: 2 });
  await advance(clock, 10);
  assert.deepEqual(await voyages(), { 1: 2, 2: 1 });
  consumer.check();
  assert.match(metrics(), /events_applied_total\{consumer="voyages"\} 4\n/);
  assert.match(metrics(), /events_consumer_lag\{consumer="voyages"\} 0\n/);
});

test('a consumer goes on where it was, and what it is given again has no effect', async (t) => {
  const { clock, source, start, voyages, metrics } = await following(t);
  for (const ship of [1, 2, 3]) source.tell('ship.sailed', { ship });
  const first = start();
  await advance(clock, 10);
  await first.close();
  source.tell('ship.sailed', { ship: 4 });
  // A broker may send again what it has sent.
  const all = await source.read(everything);
  source.answers.push(all);
  start();
  await advance(clock, 10);
  assert.deepEqual(await voyages(), { 1: 1, 2: 1, 3: 1, 4: 1 });
  assert.match(metrics(), /events_duplicates_total\{consumer="voyages"\} 3\n/);
});

test('of several instances, one writes each effect', async (t) => {
  const { clock, source, start, voyages } = await following(t);
  for (const _ of [1, 2, 3]) start();
  await settle(clock);
  for (let n = 0; n < 50; n += 1) {
    source.tell('ship.sailed', { ship: n % 5 });
    if (n % 7 === 0) await advance(clock, 1);
  }
  await advance(clock, 100);
  assert.deepEqual(await voyages(), { 0: 10, 1: 10, 2: 10, 3: 10, 4: 10 });
});

test('an event that cannot be applied holds up later ones, is logged once, and is applied once it can be', async (t) => {
  const { clock, source, start, voyages } = await following(t);
  const log = recordingLogger();
  source.tell('ship.sailed', { ship: 1 });
  source.tell('ship.sailed', { ship: 'none' });
  source.tell('ship.sailed', { ship: 3 });
  const consumer = start({ logger: log as unknown as Logger });
  await advance(clock, 200_000);
  assert.deepEqual(await voyages(), { 1: 1 });
  assert.throws(
    () => consumer.check(),
    /Event 2 \(ship\.sailed, ships\/1\) cannot be applied: its data is not as expected \(\/ship: invalid_type\)/,
  );
  assert.deepEqual(log.messages('error'), ['an event cannot be applied; later ones wait for it']);
  assert.ok(source.asked.length > 5 && source.asked.length < 20, `at longer intervals: ${source.asked.length}`);
  source.correct(2, { ship: 2 });
  await advance(clock, 60_000);
  assert.deepEqual(await voyages(), { 1: 1, 2: 1, 3: 1 });
  consumer.check();
});

test('an effect that fails half-way leaves nothing behind', async (t) => {
  const { clock, source, start, voyages } = await following(t);
  let fails = true;
  const consumer = start({
    async apply(transaction, event) {
      await sail(transaction, event);
      if (fails && event.data.ship === 2) throw new Error('no room');
    },
  });
  await settle(clock);
  for (const ship of [1, 2, 3]) source.tell('ship.sailed', { ship });
  await advance(clock, 500);
  assert.deepEqual(await voyages(), { 1: 1 });
  assert.throws(() => consumer.check(), /cannot be applied: no room/);
  fails = false;
  await advance(clock, 2_000);
  assert.deepEqual(await voyages(), { 1: 1, 2: 1, 3: 1 });
});

test('while the service or the own database is away, the consumer tries again, and says so after a while', async (t) => {
  const { clock, source, start, voyages } = await following(t);
  const log = recordingLogger();
  const parameters = { service: 'ships' };
  source.failure = new AppError('SERVICE_UNAVAILABLE', { parameters, cause: new Error('refused') });
  let storage = true;
  const consumer = start({
    logger: log as unknown as Logger,
    async apply(transaction, event) {
      if (!storage) throw new AppError('STORAGE_UNAVAILABLE');
      await sail(transaction, event);
    },
  });
  await advance(clock, 1_000);
  consumer.check();
  await advance(clock, 5_000);
  assert.throws(() => consumer.check(), /refused/);
  storage = false;
  source.failure = undefined;
  source.tell('ship.sailed', { ship: 1 });
  await advance(clock, 10_000);
  assert.throws(() => consumer.check(), /database is temporarily unavailable/);
  storage = true;
  await advance(clock, 5_000);
  consumer.check();
  assert.deepEqual(await voyages(), { 1: 1 });
  assert.deepEqual(log.messages('error'), [], 'what mends itself is no error');
});

/** A copy whose parts write how often each of these ships has sailed. */
function copyOf(ships: Readonly<Record<number, number>>, log: string[]): RecordCopy {
  return {
    async forget(transaction) {
      log.push('forget');
      const query = transaction.query as Database<Tables>['query'];
      await query.deleteFrom('voyages').execute();
    },
    async *parts() {
      log.push('copy');
      for (const [ship, count] of Object.entries(ships))
        yield async (transaction) => {
          const query = transaction.query as Database<Tables>['query'];
          await query.deleteFrom('voyages').where('ship', '=', Number(ship)).execute();
          await query
            .insertInto('voyages')
            .values({ ship: Number(ship), count })
            .execute();
        };
    },
  };
}

test('a consumer with a copy begins with it, and copies again when events are gone or the service has another database', async (t) => {
  const { clock, source, start, voyages, database } = await following(t);
  const log: string[] = [];
  const ships: Record<number, number> = { 1: 5 };
  for (let n = 0; n < 5; n += 1) source.tell('ship.sailed', { ship: 1 });
  const first = start({ copy: copyOf(ships, log) });
  await advance(clock, 10);
  assert.deepEqual([await voyages(), log], [{ 1: 5 }, ['copy']]);
  source.tell('ship.sailed', { ship: 1 });
  await advance(clock, 10);
  assert.deepEqual(await voyages(), { 1: 6 });
  await first.close();

  // Away for longer than events are kept.
  for (let n = 0; n < 10; n += 1) source.tell('ship.sailed', { ship: 1 });
  source.oldest = 9;
  ships[1] = 16;
  const second = start({ copy: copyOf(ships, log) });
  await advance(clock, 10);
  assert.deepEqual([await voyages(), log], [{ 1: 16 }, ['copy', 'copy']]);

  source.oldest = 1;
  source.replace('f-2');
  delete ships[1];
  ships[2] = 0;
  await advance(clock, 10);
  source.tell('ship.sailed', { ship: 2 });
  await advance(clock, 10);
  assert.deepEqual([await voyages(), log], [{ 2: 1 }, ['copy', 'copy', 'forget', 'copy']]);
  const [row] = await database.query.selectFrom('event_consumers').select(['feed', 'position']).execute();
  assert.deepEqual(row, { feed: 'f-2', position: 1 });
  second.check();
});

test('a copy that was interrupted is begun again, and one that another instance has finished is left', async (t) => {
  const { clock, source, start, voyages } = await following(t);
  const log: string[] = [];
  source.tell('ship.sailed', { ship: 1 });
  const never: RecordCopy = {
    forget: async () => undefined,
    async *parts(signal) {
      log.push('interrupted');
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      yield async () => undefined;
    },
  };
  const hanging = start({ copy: never });
  await settle(clock);
  start({ copy: copyOf({ 1: 1 }, log) });
  await advance(clock, 10);
  await hanging.close();
  source.tell('ship.sailed', { ship: 1 });
  await advance(clock, 10);
  assert.deepEqual([await voyages(), log], [{ 1: 2 }, ['interrupted', 'copy']]);
});

test('a gap in what a broker sends is noticed: what comes before it takes effect, and the rest is copied', async (t) => {
  const { clock, source, start, voyages } = await following(t);
  const log: string[] = [];
  for (let n = 1; n <= 5; n += 1) source.tell('ship.sailed', { ship: n });
  const whole = await source.read(everything);
  assert.ok(whole.kind === 'events');
  source.replace('f-1');
  const first = start({ copy: copyOf({ 9: 1 }, log) });
  await advance(clock, 10);
  await first.close();
  for (let n = 1; n <= 5; n += 1) source.tell('ship.sailed', { ship: n });
  // Event 3 is missing, and then everything before event 5.
  source.answers.push({ ...whole, events: whole.events.filter(({ position }) => position !== 3) });
  source.answers.push({ ...whole, events: whole.events.slice(4) });
  start({ copy: copyOf({ 9: 2 }, log) });
  await advance(clock, 10);
  assert.deepEqual([await voyages(), log], [{ 1: 1, 2: 1, 9: 2 }, ['copy', 'copy']]);
});

test('a consumer that is told that events are gone, though they are not, applies none again', async (t) => {
  const { clock, source, start, voyages } = await following(t);
  for (let n = 1; n <= 3; n += 1) source.tell('ship.sailed', { ship: n });
  const first = start();
  await advance(clock, 10);
  await first.close();
  source.answers.push({ kind: 'gone' });
  start();
  source.tell('ship.sailed', { ship: 4 });
  await advance(clock, 1_000);
  assert.deepEqual(await voyages(), { 1: 1, 2: 1, 3: 1, 4: 1 });
});

test('without a copy, a consumer begins with the oldest event, and goes on with the oldest after a gap', async (t) => {
  const { clock, source, start, voyages } = await following(t);
  for (let n = 1; n <= 5; n += 1) source.tell('ship.sailed', { ship: n });
  source.oldest = 3;
  const log = recordingLogger();
  const first = start({ logger: log as unknown as Logger });
  await advance(clock, 10);
  await first.close();
  for (const ship of [6, 7, 8, 9]) source.tell('ship.sailed', { ship });
  source.oldest = 8;
  start({ logger: log as unknown as Logger });
  await advance(clock, 10);
  assert.deepEqual(await voyages(), { 3: 1, 4: 1, 5: 1, 8: 1, 9: 1 });
  assert.deepEqual(log.messages('warn'), ['cannot go on with the next event; beginning anew']);
});
