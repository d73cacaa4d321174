import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabase } from './open-database.ts';
import type { Transaction } from './transaction.ts';

interface Tables {
  readonly things: { readonly id: number };
}

test('a statement that comes after the end of its transaction is refused, and not run by itself', async (t) => {
  const database = await openDatabase<Tables>({
    url: 'sqlite::memory:',
    migrations: [{ id: '0001-create-things', sql: ({ newId }) => `CREATE TABLE things (id ${newId})` }],
  });
  t.after(() => database.close());
  const insertion = (id: number) => database.query.insertInto('things').values({ id }).compile();
  let kept: Transaction<Tables> | undefined;
  const failing = database.transaction(async (transaction) => {
    kept = transaction;
    await transaction.run(insertion(1));
    throw new Error('given up');
  });
  await assert.rejects(failing, /given up/);
  assert.ok(kept);
  await assert.rejects(kept.run(insertion(2)), /after the end of its transaction.*insert into "things"/);
  await assert.rejects(kept.runLater(insertion(3)), /after the end/);
  await assert.rejects(kept.query.insertInto('things').values({ id: 4 }).execute(), /after the end/);
  assert.deepEqual(await database.query.selectFrom('things').selectAll().execute(), []);
});

test('why a transaction has failed is heard also if the database was closed meanwhile', async () => {
  const database = await openDatabase<Tables>({ url: 'sqlite::memory:', migrations: [] });
  let ended = false;
  const failing = database.transaction(async (transaction) => {
    transaction.afterwards(async () => {
      ended = true;
    });
    await database.close();
    throw new Error('given up');
  });
  await assert.rejects(failing, /given up/);
  assert.ok(ended);
});

test('what waits for the end of a transaction is run also if what is told that it took effect throws', async (t) => {
  const database = await openDatabase<Tables>({ url: 'sqlite::memory:', migrations: [] });
  t.after(() => database.close());
  let ended = false;
  const told = database.transaction(async (transaction) => {
    transaction.afterwards(async () => {
      ended = true;
    });
    transaction.whenCommitted(() => {
      throw new Error('against the rule');
    });
  });
  await assert.rejects(told, /against the rule/);
  assert.ok(ended);
});
