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
