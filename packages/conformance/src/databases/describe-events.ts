import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock as clock, isAppError } from '@flotilla/contracts';
import { type Database, openDatabase, type Transaction } from '@flotilla/kit/database';
import {
  consumerTable,
  createEventConsumer,
  createEventFeed,
  defineEvents,
  type EventFeed,
  eventTables,
  feedSource,
} from '@flotilla/kit/events';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { z } from 'zod';
import { patientClock } from './patient-clock.ts';

const kinds = defineEvents('ship-service', { 'ship.sailed': z.object({ voyage: z.string() }) });
type Feed = EventFeed<typeof kinds.schemas>;

/** One instance of a service with events, that also follows its own. */
interface Instance {
  readonly database: Database<unknown>;
  readonly feed: Feed;
}

interface Tables {
  readonly voyages: { readonly voyage: string; readonly times: number };
}

async function openInstances(url: string, count: number): Promise<readonly Instance[]> {
  const migration = {
    id: '0001-create-events',
    sql: (words: Parameters<typeof eventTables>[0]) => `
      ${eventTables(words)}
      ${consumerTable(words)}
      CREATE TABLE voyages (voyage ${words.text(50)} NOT NULL PRIMARY KEY, times ${words.wholeNumber} NOT NULL);
    `,
  };
  const open = async (): Promise<Instance> => {
    const database = await openDatabase<unknown>({ url, migrations: [migration], clock: patientClock });
    return { database, feed: createEventFeed({ database, kinds, clock, logger: silentLogger() }) };
  };
  return Promise.all(Array.from({ length: count }, open));
}

async function closeAll(instances: readonly Instance[]): Promise<void> {
  for (const { feed, database } of instances) {
    feed.close();
    await database.close();
  }
}

/** Writers of all instances, whose transactions take different times; every fifth gives up. Returns what took effect. */
async function writeAtOnce(
  instances: readonly Instance[],
  { perWriter, mayBeBusy }: { readonly perWriter: number; readonly mayBeBusy: boolean },
): Promise<readonly string[]> {
  const done: string[] = [];
  const writer = async ({ database, feed }: Instance, name: string): Promise<void> => {
    for (let turn = 0; turn < perWriter; turn += 1) {
      const voyage = `${name}-${turn}`;
      const event = { type: 'ship.sailed', subject: 'ships/1', data: { voyage } } as const;
      const isGivenUp = turn % 5 === 4;
      const written = database.transaction(async (transaction) => {
        await feed.add(transaction, event);
        // Who began first may be last.
        if (turn % 3 === 0) await sleep((turn * 7) % 13);
        await feed.add(transaction, { ...event, data: { voyage: `${voyage}-again` } });
        if (isGivenUp) throw new Error('given up');
      });
      try {
        await written;
        done.push(voyage, `${voyage}-again`);
      } catch (error) {
        if (isGivenUp && String(error).includes('given up')) continue;
        if (!isAppError(error, 'STORAGE_UNAVAILABLE') || !mayBeBusy) throw error;
        // Nothing of it is written; once more.
        turn -= 1;
      }
    }
  };
  const names = ['a', 'b', 'c', 'd'];
  await Promise.all(instances.flatMap((instance, at) => names.map((name) => writer(instance, `${at}${name}`))));
  return done;
}

/** How events behave in a kind of database that several instances share. `fresh`: the URL of a database that has nothing yet. */
export function describeEvents(name: string, fresh: () => Promise<string>): void {
  // It lets one write at a time, and nobody wait forever; servers have no such excuse.
  const mayBeBusy = name === 'SQLite';
  describe(`${name} keeps events`, () => {
    test('readers who follow while many write get every event that is committed, once, in the same order', async () => {
      const instances = await openInstances(await fresh(), 3);
      const isOver = new AbortController();
      const follow = async ({ feed }: Instance): Promise<readonly string[]> => {
        const seen: string[] = [];
        for (;;) {
          const over = isOver.signal.aborted;
          const page = await feed.read({ after: seen.length, limit: 7, waitMs: 200 });
          assert.ok(page.kind === 'events');
          for (const event of page.events) {
            assert.equal(event.position, seen.length + 1);
            seen.push((JSON.parse(event.data) as { voyage: string }).voyage);
          }
          if (over && page.events.length === 0) return seen;
        }
      };
      // The first to read names the feed.
      await instances[0]?.feed.read({});
      const following = Promise.all(instances.map(follow));
      following.catch(() => undefined); // It is awaited below.
      const written = await writeAtOnce(instances, { perWriter: 15, mayBeBusy });
      isOver.abort();
      const [first = [], ...others] = await following;
      assert.deepEqual(first.toSorted(), written.toSorted());
      for (const other of others) assert.deepEqual(other, first);
      // What a transaction has told, and what a writer has told in one after another, keeps its order.
      for (const prefix of ['0a', '1b', '2c'])
        assert.deepEqual(
          first.filter((voyage) => voyage.startsWith(prefix)),
          written.filter((voyage) => voyage.startsWith(prefix)),
        );
      await closeAll(instances);
    });

    test('of several instances that follow the same events, one writes each effect', async () => {
      const instances = await openInstances(await fresh(), 3);
      const [told] = instances;
      assert.ok(told);
      const consumers = instances.map(({ database }) =>
        createEventConsumer({
          ...{ name: 'voyages', kinds, database, clock, logger: silentLogger(), metrics: createMetrics() },
          source: feedSource(told.feed),
          apply: (transaction, { data }) => countVoyage(transaction, data.voyage),
        }),
      );
      const written = await writeAtOnce([told], { perWriter: 20, mayBeBusy });
      const query: Database<Tables>['query'] = told.database.query;
      const read = (): Promise<readonly Tables['voyages'][]> => query.selectFrom('voyages').selectAll().execute();
      for (let wait = 0; wait < 500 && (await read()).length < written.length; wait += 1) await sleep(20);
      const counted = await read();
      assert.deepEqual(counted.map(({ voyage }) => voyage).toSorted(), written.toSorted());
      assert.ok(counted.every(({ times }) => times === 1));
      // Others may have held a row for too long, on a busy machine: each goes on all the same.
      const isWell = (consumer: (typeof consumers)[number]): boolean => {
        try {
          consumer.check();
          return true;
        } catch {
          return false;
        }
      };
      for (let wait = 0; wait < 500 && !consumers.every(isWell); wait += 1) await sleep(20);
      for (const consumer of consumers) {
        consumer.check();
        await consumer.close();
      }
      await closeAll(instances);
    });

    test('events that nobody reads any more are removed, and positions go on', async () => {
      const instances = await openInstances(await fresh(), 1);
      const [one] = instances;
      assert.ok(one);
      let now = clock.now();
      const later = { ...clock, now: () => now };
      const feed = createEventFeed({
        ...{ database: one.database, kinds, clock: later, logger: silentLogger() },
        retentionMs: 60_000,
      });
      await writeAtOnce([{ ...one, feed }], { perWriter: 5, mayBeBusy });
      const { newest } = await feed.read({});
      now += 61_000;
      assert.equal(await feed.sweep(), newest);
      const gone = await feed.read({ after: 0 });
      assert.deepEqual([gone.kind, gone.oldest, gone.newest], ['gone', newest + 1, newest]);
      await writeAtOnce([{ ...one, feed }], { perWriter: 1, mayBeBusy });
      const next = await feed.read({ after: newest });
      assert.ok(next.kind === 'events');
      assert.equal(next.events[0]?.position, newest + 1);
      feed.close();
      await closeAll(instances);
    });
  });
}

async function countVoyage(transaction: Transaction, voyage: string): Promise<void> {
  const query: Database<Tables>['query'] = transaction.query;
  const known = await query.selectFrom('voyages').select('times').where('voyage', '=', voyage).executeTakeFirst();
  if (known === undefined) await query.insertInto('voyages').values({ voyage, times: 1 }).executeTakeFirst();
  else
    await query
      .updateTable('voyages')
      .set({ times: known.times + 1 })
      .where('voyage', '=', voyage)
      .executeTakeFirst();
}
