import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AppError, defineErrors, fieldProblem, isAppError } from '@flotilla/contracts';
import { FakeClock, recordingLogger } from '@flotilla/testing';
import { type Database, openDatabase, type Transaction } from '../database/index.ts';
import { TraceIds } from '../telemetry/index.ts';
import { type IdempotencyKeys, idempotencyKeys, type OnceOptions } from './idempotency-keys.ts';
import { idempotencyTable } from './idempotency-table.ts';
import type { ServiceCall } from './service-call.ts';

interface Tables {
  readonly things: { readonly name: string };
}

const migrations = [
  { id: '0001-keys', sql: idempotencyTable },
  { id: '0002-things', sql: () => 'CREATE TABLE things (name TEXT NOT NULL) STRICT;' },
];
const trace = new TraceIds().newTrace();

/** Several programs on one database, as they are when a service has several instances. */
function programs(t: TestContext): () => Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-keys-'));
  const clock = new FakeClock();
  t.after(() => rmSync(folder, { recursive: true }));
  return async () => {
    const database = await openDatabase<unknown>({ url: `sqlite:${join(folder, 'a.db')}`, migrations });
    const logger = recordingLogger();
    const keys = idempotencyKeys({ database, clock, logger, retentionMs: 60_000, claimMs: 5_000 });
    t.after(async () => {
      keys.close();
      await database.close();
    });
    const count = async (): Promise<number> =>
      (await (database as Database<Tables>).query.selectFrom('things').selectAll().execute()).length;
    return { clock, database, keys, logger, count };
  };
}

interface Program {
  readonly clock: FakeClock;
  readonly database: Database<unknown>;
  readonly keys: IdempotencyKeys;
  readonly logger: ReturnType<typeof recordingLogger>;
  count(): Promise<number>;
}

let replays = 0;
const use = (key: string | undefined, more: Partial<OnceOptions> & { readonly caller?: string } = {}): OnceOptions => {
  const { caller, ...rest } = more;
  const call: ServiceCall = {
    requestId: 'r',
    trace,
    onReplay: () => void (replays += 1),
    ...(key === undefined ? {} : { idempotencyKey: key }),
    ...(caller === undefined ? {} : { caller }),
  };
  return { operation: 'things.add', input: { name: 'a' }, call, ...rest };
};
const insert = async (transaction: Transaction | undefined): Promise<{ readonly name: string }> => {
  assert.ok(transaction !== undefined);
  await (transaction as Transaction<Tables>).query.insertInto('things').values({ name: 'a' }).execute();
  return { name: 'a' };
};
const adds = { write: insert };
const code = (wanted: string) => (error: unknown) => isAppError(error) && error.code === wanted;
const replaysOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = replays;
  await work();
  return replays - before;
};

test('the second call with a key gets the result of the first, and nothing is written again', async (t) => {
  const { keys, count } = await programs(t)();
  assert.deepEqual(await keys.once(use('k'), adds), { name: 'a' });
  assert.equal(await replaysOf(async () => assert.deepEqual(await keys.once(use('k'), adds), { name: 'a' })), 1);
  assert.equal(await count(), 1);
});

test('a key belongs to its operation and its caller, and the order of fields in the input does not matter', async (t) => {
  const { keys, count } = await programs(t)();
  await keys.once(use('k', { input: { a: 1, b: { c: 2, d: 3 } } }), adds);
  await keys.once(use('k', { input: { b: { d: 3, c: 2 }, a: 1 } }), adds);
  assert.equal(await count(), 1);
  await keys.once(use('k', { operation: 'things.copy' }), adds);
  await keys.once(use('k', { caller: 'somebody' }), adds);
  assert.equal(await count(), 3);
});

test('a key with another input is refused, also while the first call is still in progress', async (t) => {
  const { keys, count } = await programs(t)();
  const gate = Promise.withResolvers<void>();
  const first = keys.once(use('k'), { prepare: () => gate.promise, write: insert });
  await assert.rejects(keys.once(use('k', { input: 2 }), adds), code('IDEMPOTENCY_KEY_REUSED'));
  gate.resolve();
  await first;
  await assert.rejects(keys.once(use('k', { input: 2 }), adds), code('IDEMPOTENCY_KEY_REUSED'));
  assert.equal(await count(), 1);
});

test('a call while the first is in progress is told when to retry', async (t) => {
  const open = programs(t);
  const [one, other] = [await open(), await open()];
  const gate = Promise.withResolvers<void>();
  const first = one.keys.once(use('k'), { prepare: () => gate.promise, write: insert });
  await assert.rejects(
    other.keys.once(use('k'), adds),
    (error) => isAppError(error, 'IDEMPOTENCY_IN_PROGRESS') && error.retryAfterMs === 1_000,
  );
  gate.resolve();
  await first;
  assert.deepEqual(await other.keys.once(use('k'), adds), { name: 'a' });
  assert.equal(await one.count(), 1);
});

test('a claim that its owner does not come back to runs out, and an owner that comes back late writes nothing', async (t) => {
  const open = programs(t);
  const [slow, other] = [await open(), await open()];
  const gate = Promise.withResolvers<void>();
  const late = slow.keys.once(use('k'), { prepare: () => gate.promise, write: insert });
  await assert.rejects(other.keys.once(use('k'), adds), code('IDEMPOTENCY_IN_PROGRESS'));
  slow.clock.advance(4_999);
  await assert.rejects(other.keys.once(use('k'), adds), code('IDEMPOTENCY_IN_PROGRESS'));
  slow.clock.advance(1);
  const secondGate = Promise.withResolvers<void>();
  const second = other.keys.once(use('k'), { prepare: () => secondGate.promise, write: insert });
  await assert.rejects(other.keys.once(use('k'), adds), code('IDEMPOTENCY_IN_PROGRESS'));
  gate.resolve();
  await assert.rejects(late, code('IDEMPOTENCY_IN_PROGRESS'));
  assert.equal(await other.count(), 0, 'what was written under a lost claim is undone');
  secondGate.resolve();
  assert.deepEqual(await second, { name: 'a' });
  assert.equal(await other.count(), 1);
});

test('an error under a lost claim is not stored, and does not count as the answer', async (t) => {
  const open = programs(t);
  const [slow, other] = [await open(), await open()];
  const gate = Promise.withResolvers<void>();
  const late = slow.keys.once(use('k'), {
    prepare: () => gate.promise.then(() => Promise.reject(new AppError('ALREADY_EXISTS'))),
    write: insert,
  });
  await assert.rejects(other.keys.once(use('k'), adds), code('IDEMPOTENCY_IN_PROGRESS'));
  slow.clock.advance(5_000);
  await other.keys.once(use('k'), adds);
  gate.resolve();
  await assert.rejects(late, code('IDEMPOTENCY_IN_PROGRESS'));
  assert.deepEqual(await slow.keys.once(use('k'), adds), { name: 'a' });
});

const errors = defineErrors('things', {
  THING_MISSING: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'No {what}', 'zh-CN': '没有 {what}' },
    detail: { en: 'Nothing is named {what}', 'zh-CN': '没有名为 {what} 的内容' },
    cause: 'It was never there.',
    action: 'Look elsewhere.',
  },
});

test('an error that is the answer is stored with all its words, in all languages', async (t) => {
  const { keys } = await programs(t)();
  const missing = (): Promise<never> =>
    Promise.reject(
      new AppError(errors.THING_MISSING, {
        parameters: { what: 'tea' },
        fields: [fieldProblem('/name', 'NOT_ONE_OF', { values: 'a, b' })],
      }),
    );
  const get = (): Promise<unknown> => keys.once(use('k'), { write: missing }).catch((error: unknown) => error);
  const first = await get();
  assert.ok(isAppError(first));
  assert.equal(
    await replaysOf(async () => {
      const second = await keys.once(use('k'), adds).catch((error: unknown) => error);
      assert.ok(isAppError(second));
      for (const locale of ['en', 'zh-CN'] as const) {
        assert.equal(second.messageIn(locale), first.messageIn(locale));
        assert.equal(second.detailIn(locale), first.detailIn(locale));
      }
      assert.deepEqual([second.code, second.status, second.fields], [first.code, first.status, first.fields]);
    }),
    1,
  );
  const own = keys.once(use('o'), {
    write: () => Promise.reject(new AppError('ALREADY_EXISTS', { detail: 'This one.' })),
  });
  await assert.rejects(own);
  await assert.rejects(keys.once(use('o'), adds), (error) => isAppError(error) && error.detail === 'This one.');
});

for (const [what, error] of [
  ['a failure of ours', new AppError('INTERNAL')],
  ['a database that is away', new AppError('STORAGE_UNAVAILABLE')],
  ['a mistake in the program', new TypeError('x is not a function')],
  ['an invalid request', new AppError('INVALID_REQUEST')],
  ['a lack of rights', new AppError('UNAUTHENTICATED')],
] as const) {
  test(`${what} is not stored: the next call with the key starts from the beginning, at once`, async (t) => {
    const { keys, count } = await programs(t)();
    const fails = async (transaction: Transaction | undefined): Promise<never> => {
      await insert(transaction);
      throw error;
    };
    await assert.rejects(keys.once(use('k'), { write: fails }), error);
    assert.equal(await count(), 0);
    assert.equal(await replaysOf(() => keys.once(use('k'), adds)), 0);
    assert.equal(await count(), 1);
  });
}

test('without a key the steps are just run, in no transaction', async (t) => {
  const { keys } = await programs(t)();
  const seen: unknown[] = [];
  const result = await keys.once(use(undefined), {
    prepare: async () => 1,
    write: async (transaction, prepared) => {
      seen.push(transaction, prepared);
      return 2;
    },
  });
  assert.deepEqual([result, ...seen], [2, undefined, 1]);
});

test('a key can be used anew after the retention, with any input', async (t) => {
  const { keys, clock, count } = await programs(t)();
  await keys.once(use('k'), adds);
  clock.advance(5_999); // Before the first sweep.
  await keys.once(use('k'), adds);
  assert.equal(await count(), 1);
  keys.close();
  clock.advance(54_001);
  await keys.once(use('k', { input: 3 }), adds);
  assert.equal(await count(), 2);
});

test('expired keys are removed by themselves, others stay, and a failure is logged and retried', async (t) => {
  const { keys, clock, database, logger } = await programs(t)();
  const left = async (): Promise<number> => {
    const rows = database.query as unknown as Database<{ readonly idempotency_keys: { readonly id: string } }>['query'];
    return (await rows.selectFrom('idempotency_keys').select('id').execute()).length;
  };
  for (let index = 0; index < 3; index += 1) await keys.once(use(`k${index}`), adds);
  await clock.advanceAsync(55_000);
  await keys.once(use('young'), adds);
  assert.equal(await left(), 4);
  await clock.advanceAsync(6_000);
  assert.equal(await left(), 1);
  await database.close();
  await clock.advanceAsync(6_000);
  assert.equal(logger.lines.filter(({ message }) => message.includes('expired idempotency keys')).length, 1);
});

test('of many calls at once over two programs one does the work', async (t) => {
  const open = programs(t);
  const both = [await open(), await open()] as const;
  const results = await Promise.allSettled(
    Array.from({ length: 200 }, (_, index) => both[index % 2 === 0 ? 0 : 1].keys.once(use('k'), adds)),
  );
  for (const result of results)
    if (result.status === 'rejected') assert.ok(code('IDEMPOTENCY_IN_PROGRESS')(result.reason), String(result.reason));
  assert.ok(results.some(({ status }) => status === 'fulfilled'));
  assert.equal(await both[0].count(), 1);
});
