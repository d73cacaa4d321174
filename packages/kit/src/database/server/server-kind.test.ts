import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { OpenDatabase } from '../database-kind.ts';
import { postgresWords } from '../postgres/schema-words.ts';
import type { StatementResult } from './server-connection.ts';
import { openServerKind } from './server-kind.ts';

/** A server on which another process has the lock of seeds until it is tried for the `tries`th time. */
function lockedServer(t: TestContext, tries: number): { kind: OpenDatabase; clock: FakeClock; open: () => number } {
  const clock = new FakeClock();
  let open = 0;
  let tried = 0;
  const kind = openServerKind(
    {
      name: 'postgres',
      words: postgresWords,
      begin: () => ['BEGIN'],
      question: 'QUESTION',
      sql: {
        createAdapter: () => new PostgresAdapter(),
        createQueryCompiler: () => new PostgresQueryCompiler(),
        createIntrospector: (db) => new PostgresIntrospector(db),
      },
      async connect() {
        open += 1;
        const end = (): void => void (open -= 1);
        const run = async (): Promise<StatementResult> => ({ rows: [] });
        return { run, runTogether: run, lost: false, end, cut: end };
      },
      async tryLock() {
        tried += 1;
        return tried >= tries;
      },
      seedIn: async () => true,
    },
    { clock, poolSize: 2, statementTimeoutMs: 5_000, connectTimeoutMs: 2_000 },
  );
  t.after(() => kind.close());
  return { kind, clock, open: () => open };
}

const seed = { table: 'things', sql: 'INSERT INTO things (id) VALUES (1)' };

test('who finds another process inserting the first rows waits for it', async (t) => {
  const { kind, clock, open } = lockedServer(t, 20);
  const seeding = kind.seedOnce(seed);
  await clock.advanceAsync(1_000);
  assert.equal(await seeding, true);
  assert.equal(open(), 0, 'the lock ends with its connection');
});

test('a process that is frozen while it inserts the first rows holds up others for 10 seconds at most', async (t) => {
  const { kind, clock, open } = lockedServer(t, Number.POSITIVE_INFINITY);
  const seeding = assert.rejects(kind.seedOnce(seed), (error: unknown) => {
    assert.match(kind.describe(error), /another process has been inserting the first rows for more than 10000 ms/);
    return kind.isBusy(error);
  });
  await clock.advanceAsync(10_100);
  await seeding;
  assert.equal(open(), 0);
});
