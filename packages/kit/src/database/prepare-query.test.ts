import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabase } from './open-database.ts';

interface Tables {
  readonly things: { readonly id: number; readonly name: string };
}

test('a prepared query is built once, and accepts values anywhere, even twice', async () => {
  const { query, prepare, close } = await openDatabase<Tables>({
    url: 'sqlite::memory:',
    migrations: [
      { id: '0001', sql: () => "CREATE TABLE things (id, name); INSERT INTO things VALUES (1, 'a'), (2, 'b')" },
    ],
  });
  let built = 0;
  const find = prepare(({ id, limit }: { readonly id: number; readonly limit: number }) => {
    built += 1;
    return query
      .selectFrom('things')
      .select('name')
      .where((row) => row.or([row('id', '=', id), row('id', '=', id)]))
      .where('name', '!=', 'c')
      .limit(limit);
  });
  const names = async (id: number, limit: number): Promise<unknown> =>
    (await find({ id, limit })).map(({ name }) => name);
  assert.deepEqual(await names(1, 1), ['a']);
  assert.deepEqual(await names(2, 1), ['b']);
  assert.deepEqual(await names(2, 0), []);
  assert.equal(built, 1);
  await close();
});
