import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { AppError, isAppError } from '@flotilla/contracts';
import { type Database, openDatabase, type Transaction } from '@flotilla/kit/database';
import { type IdempotencyKeys, idempotencyKeys, idempotencyTable, type OnceOptions } from '@flotilla/kit/idempotency';
import { TraceIds } from '@flotilla/kit/telemetry';
import { FakeClock, type RecordingLogger, recordingLogger, waitUntil } from '@flotilla/testing';
import { patientClock } from './patient-clock.ts';

interface Tables {
  readonly things: { readonly name: string };
  readonly idempotency_keys: { readonly id: string };
}

const migrations = [
  { id: '0001-keys', sql: idempotencyTable },
  {
    id: '0002-things',
    sql: ({ text }: { text(length: number): string }) => `CREATE TABLE things (name ${text(50)} NOT NULL);`,
  },
];

interface Program {
  readonly clock: FakeClock;
  readonly database: Database<unknown>;
  readonly keys: IdempotencyKeys;
  readonly logger: RecordingLogger;
  /** How often the work was done. */
  count(): Promise<number>;
}

/** Several programs on one database, as they are when a service has several instances. */
function programs(t: TestContext, url: string): () => Promise<Program> {
  const clock = new FakeClock();
  return async () => {
    const database = await openDatabase<unknown>({ url, migrations, clock: patientClock });
    const logger = recordingLogger();
    const keys = idempotencyKeys({ database, clock, logger, retentionMs: 60_000, claimMs: 5_000 });
    t.after(async () => {
      keys.close();
      await database.close();
    });
    const rows = (database as Database<Tables>).query;
    const count = async (): Promise<number> => (await rows.selectFrom('things').selectAll().execute()).length;
    return { clock, database, keys, logger, count };
  };
}

const trace = new TraceIds().newTrace();
const use = (idempotencyKey: string, input: unknown = 1): OnceOptions => ({
  operation: 'things.add',
  input,
  call: { requestId: 'r', trace, idempotencyKey },
});
const insert = async (transaction: Transaction | undefined): Promise<{ readonly name: string }> => {
  assert.ok(transaction !== undefined);
  await (transaction as Transaction<Tables>).query.insertInto('things').values({ name: 'a' }).execute();
  return { name: 'a' };
};
const adds = { write: insert };

/** Work that has claimed its key once `begun` is there, and goes on when the test says so. */
function heldWork(result: () => Promise<void> = async () => undefined): HeldWork {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const prepare = (): Promise<void> => {
    begun.resolve();
    return gate.promise.then(result);
  };
  return { begun: begun.promise, goOn: () => gate.resolve(), steps: { prepare, write: insert } };
}

interface HeldWork {
  readonly begun: Promise<void>;
  readonly steps: { prepare(): Promise<void>; readonly write: typeof insert };
  goOn(): void;
}

const code = (wanted: string) => (error: unknown) => isAppError(error) && error.code === wanted;

/** What keys promise on a kind of database. `fresh`: the URL of a database that has nothing yet. */
export function describeIdempotencyKeys(name: string, fresh: () => Promise<string>): void {
  describe(`idempotency keys in ${name}`, () => {
    test('the second call with a key gets the result of the first, and nothing is written again', async (t) => {
      const { keys, count } = await programs(t, await fresh())();
      assert.deepEqual(await keys.once(use('k'), adds), { name: 'a' });
      assert.deepEqual(await keys.once(use('k'), adds), { name: 'a' });
      assert.equal(await count(), 1);
    });

    test('a call while the first is in progress is told when to retry', async (t) => {
      const open = programs(t, await fresh());
      const [one, other] = [await open(), await open()];
      const work = heldWork();
      const first = one.keys.once(use('k'), work.steps);
      await work.begun;
      await assert.rejects(
        other.keys.once(use('k'), adds),
        (error) => isAppError(error, 'IDEMPOTENCY_IN_PROGRESS') && error.retryAfterMs === 1_000,
      );
      work.goOn();
      await first;
      assert.deepEqual(await other.keys.once(use('k'), adds), { name: 'a' });
      assert.equal(await one.count(), 1);
    });

    test('a claim that its owner does not come back to runs out, and an owner that comes back late writes nothing', async (t) => {
      const open = programs(t, await fresh());
      const [slow, other] = [await open(), await open()];
      const work = heldWork();
      const late = slow.keys.once(use('k'), work.steps);
      await work.begun;
      await assert.rejects(other.keys.once(use('k'), adds), code('IDEMPOTENCY_IN_PROGRESS'));
      slow.clock.advance(4_999);
      await assert.rejects(other.keys.once(use('k'), adds), code('IDEMPOTENCY_IN_PROGRESS'));
      slow.clock.advance(1);
      const taken = heldWork();
      const second = other.keys.once(use('k'), taken.steps);
      await taken.begun;
      await assert.rejects(other.keys.once(use('k'), adds), code('IDEMPOTENCY_IN_PROGRESS'));
      work.goOn();
      await assert.rejects(late, code('IDEMPOTENCY_IN_PROGRESS'));
      assert.equal(await other.count(), 0, 'what was written under a lost claim is undone');
      taken.goOn();
      assert.deepEqual(await second, { name: 'a' });
      assert.equal(await other.count(), 1);
    });

    test('an error under a lost claim is not stored, and does not count as the answer', async (t) => {
      const open = programs(t, await fresh());
      const [slow, other] = [await open(), await open()];
      const work = heldWork(() => Promise.reject(new AppError('ALREADY_EXISTS')));
      const late = slow.keys.once(use('k'), work.steps);
      await work.begun;
      await assert.rejects(other.keys.once(use('k'), adds), code('IDEMPOTENCY_IN_PROGRESS'));
      slow.clock.advance(5_000);
      await other.keys.once(use('k'), adds);
      work.goOn();
      await assert.rejects(late, code('IDEMPOTENCY_IN_PROGRESS'));
      assert.deepEqual(await slow.keys.once(use('k'), adds), { name: 'a' });
    });

    test('a key can be used anew after the retention, with any input', async (t) => {
      const { keys, clock, count } = await programs(t, await fresh())();
      await keys.once(use('k'), adds);
      clock.advance(5_999); // Before the first sweep.
      await keys.once(use('k'), adds);
      assert.equal(await count(), 1);
      keys.close();
      clock.advance(54_001);
      await keys.once(use('k', 3), adds);
      assert.equal(await count(), 2);
    });

    test('expired keys are removed by themselves, others stay, and a failure is logged and retried', async (t) => {
      const { keys, clock, database, logger } = await programs(t, await fresh())();
      const left = async (): Promise<number> => {
        return (await (database as Database<Tables>).query.selectFrom('idempotency_keys').select('id').execute())
          .length;
      };
      for (let index = 0; index < 3; index += 1) await keys.once(use(`k${index}`), adds);
      /** The next sweep is planned when one is over. */
      const swept = (): Promise<void> => waitUntil('a sweep is over', () => clock.pendingDelaysMs.length > 0);
      clock.advance(55_000);
      await swept();
      await keys.once(use('young'), adds);
      assert.equal(await left(), 4);
      clock.advance(6_000);
      await swept();
      assert.equal(await left(), 1);
      await database.close();
      for (const times of [1, 2]) {
        clock.advance(6_000);
        await swept();
        assert.equal(logger.messages('warn').length, times);
      }
    });

    test('of many calls at once over two programs one does the work', async (t) => {
      const open = programs(t, await fresh());
      const both = [await open(), await open()] as const;
      const results = await Promise.allSettled(
        Array.from({ length: 40 }, (_, index) => both[index % 2 === 0 ? 0 : 1].keys.once(use('k'), adds)),
      );
      for (const result of results)
        if (result.status === 'rejected')
          assert.ok(code('IDEMPOTENCY_IN_PROGRESS')(result.reason), inspect(result.reason));
      assert.ok(results.some(({ status }) => status === 'fulfilled'));
      assert.equal(await both[0].count(), 1);
    });

    test('what was written before a failure is undone, and the next call with the key starts at once', async (t) => {
      const { keys, count } = await programs(t, await fresh())();
      const failing = async (transaction: Transaction | undefined): Promise<never> => {
        await insert(transaction);
        throw new AppError('INTERNAL');
      };
      await assert.rejects(keys.once(use('k'), { write: failing }), code('INTERNAL'));
      assert.equal(await count(), 0);
      await keys.once(use('k'), adds);
      assert.equal(await count(), 1);
    });
  });
}
