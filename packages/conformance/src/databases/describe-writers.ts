import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { type Transaction, UniqueViolation } from '@flotilla/kit/database';
import { entityTag } from '@flotilla/kit/resource';
import { type CartRow, cartsIn, openCarts } from './carts.ts';

/** How writers of a kind of database get on with each other. `fresh`: the URL of a database that has nothing yet. */
export function describeWriters(name: string, fresh: () => Promise<string>): void {
  describe(`${name} lets several write`, () => {
    test('what a transaction has written is there completely, or not at all', async () => {
      await using db = await openCarts(await fresh());
      const { database, carts } = db;
      const add = async (owner: string, fails: boolean): Promise<void> =>
        database.transaction(async (transaction) => {
          const within = carts.within(transaction as Parameters<typeof carts.within>[0]);
          const first = await within.add({ owner, note: null, total_cents: 1 });
          await within.change(first.id, { total_cents: 2 });
          assert.equal((await within.get(first.id)).total_cents, 2, 'it sees its own writes');
          await within.add({ owner: `${owner}-2`, note: null, total_cents: 1 });
          if (fails) throw new Error('given up');
        });
      await add('whole', false);
      await assert.rejects(add('half', true), /given up/);
      const { rows } = await carts.page({});
      assert.deepEqual(
        rows.map(({ owner, total_cents }) => [owner, total_cents]),
        [
          ['whole', 2],
          ['whole-2', 1],
        ],
      );
    });

    test('what is left for the end of a transaction is written with the rest, in order; if it fails, nothing is', async () => {
      await using db = await openCarts(await fresh());
      const { database } = db;
      type Values = Pick<CartRow, 'owner' | 'total_cents'>;
      const insert = database.prepare(({ owner, total_cents }: Values) =>
        database.query.insertInto('carts').values({ owner, total_cents } as CartRow),
      );
      const owners = async (): Promise<readonly string[]> =>
        (await db.carts.page({ limit: 1_000 })).rows.map(({ owner }) => owner);
      const write = (early: string, ...late: readonly Values[]): Promise<void> =>
        database.transaction(async (transaction) => {
          await insert({ owner: early, total_cents: 1 }, transaction as Transaction);
          for (const values of late) await insert.later(values, transaction as Transaction);
        });
      await write('a', { owner: 'b', total_cents: 1 }, { owner: 'c', total_cents: 1 });
      assert.deepEqual(await owners(), ['a', 'b', 'c']);
      await assert.rejects(write('d', { owner: 'e', total_cents: 1 }, { owner: 'a', total_cents: 1 }), UniqueViolation);
      await assert.rejects(write('d', { owner: 'e', total_cents: -1 }, { owner: 'f', total_cents: 1 }));
      assert.deepEqual(await owners(), ['a', 'b', 'c']);
      const many = Array.from({ length: 120 }, (_, index) => ({ owner: `many-${index}`, total_cents: 1 }));
      await write('d', ...many);
      assert.deepEqual((await owners()).slice(3), ['d', ...many.map(({ owner }) => owner)]);
      await database.transaction((transaction) =>
        insert.later({ owner: 'z', total_cents: 1 }, transaction as Transaction),
      );
      assert.equal((await owners()).at(-1), 'z', 'also in a transaction that has nothing else');
    });

    test('a query that fails when it is prepared and run for the first time works the next time', async () => {
      await using db = await openCarts(await fresh(), { poolSize: 1 });
      const { database } = db;
      await db.carts.add({ owner: 'taken', note: null, total_cents: 1 });
      const insert = database.prepare(({ owner, total_cents }: Pick<CartRow, 'owner' | 'total_cents'>) =>
        database.query.insertInto('carts').values({ owner, total_cents } as CartRow),
      );
      for (let time = 0; time < 3; time += 1) {
        await assert.rejects(insert({ owner: 'taken', total_cents: 1 }), UniqueViolation);
        await assert.rejects(
          database.transaction((transaction) =>
            insert({ owner: 'taken', total_cents: 1 }, transaction as Transaction).then(() => undefined),
          ),
          UniqueViolation,
        );
      }
      await insert({ owner: 'free', total_cents: 1 });
      assert.equal((await db.carts.page({})).rows.length, 2);
    });

    test('a transaction that asks for nothing ends well, and one in another is refused', async () => {
      await using db = await openCarts(await fresh(), { poolSize: 1 });
      assert.equal(await db.database.transaction(async () => 'done'), 'done');
      await assert.rejects(
        db.database.transaction(({ query }) => query.transaction().execute(async () => undefined)),
        /transaction/,
      );
      assert.deepEqual((await db.carts.page({})).rows, []);
    });

    test('rows that a transaction holds on to are read in it', async () => {
      await using db = await openCarts(await fresh());
      const { id } = await db.carts.add({ owner: 'held', note: null, total_cents: 1 });
      const read = await db.database.transaction(async ({ query }) => {
        const row = query.selectFrom('carts').select('owner').where('id', '=', id);
        return [await row.forShare().executeTakeFirst(), await row.forUpdate().executeTakeFirst()];
      });
      assert.deepEqual(read, [{ owner: 'held' }, { owner: 'held' }]);
    });

    test('others do not see what a transaction has not finished', async () => {
      const url = await fresh();
      await using db = await openCarts(url);
      await using other = await openCarts(url);
      const inside = await db.database.transaction(async (transaction) => {
        await db.carts
          .within(transaction as Parameters<typeof db.carts.within>[0])
          .add({ owner: 'unfinished', note: null, total_cents: 1 });
        return (await other.carts.page({})).rows;
      });
      assert.deepEqual(inside, []);
      assert.equal((await other.carts.page({})).rows.length, 1);
    });

    test('of all who want the same unique value at once, one gets it', async () => {
      const url = await fresh();
      const databases = await Promise.all([openCarts(url), openCarts(url)]);
      const add = async (index: number): Promise<string> => {
        const { carts } = databases[index % 2] ?? assert.fail();
        try {
          await carts.add({ owner: 'wanted', note: String(index), total_cents: 1 });
          return 'got it';
        } catch (error) {
          return isAppError(error) ? error.code : String(error);
        }
      };
      const ends = await Promise.all(Array.from({ length: 24 }, (_, index) => add(index)));
      assert.deepEqual(ends.toSorted().slice(0, 23), Array(23).fill('ALREADY_EXISTS'));
      assert.equal(ends.filter((end) => end === 'got it').length, 1);
      for (const { database } of databases) await database.close();
    });

    test('a taken value is told from other errors, in transactions too', async () => {
      await using db = await openCarts(await fresh());
      await db.carts.add({ owner: 'a', note: null, total_cents: 1 });
      const insert = { owner: 'a', note: null, total_cents: 1 } as unknown as CartRow;
      await assert.rejects(db.database.query.insertInto('carts').values(insert).execute(), UniqueViolation);
      const inTransaction = db.database.transaction(async ({ query }) => {
        await query.insertInto('carts').values(insert).execute();
      });
      await assert.rejects(inTransaction, UniqueViolation);
      // The connection of either is as good as before.
      assert.equal((await db.carts.page({})).rows.length, 1);
    });

    test('no increment gets lost between many writers', async () => {
      const url = await fresh();
      const databases = await Promise.all([openCarts(url), openCarts(url)]);
      const { id } = (await databases[0]?.carts.add({ owner: 'a', note: null, total_cents: 0 })) ?? assert.fail();
      const increment = (index: number): Promise<unknown> => {
        const { query } = (databases[index % 2] ?? assert.fail()).database;
        const update = query.updateTable('carts').set((row) => ({ total_cents: row('total_cents', '+', 1) }));
        return update.where('id', '=', id).execute();
      };
      await Promise.all(Array.from({ length: 60 }, (_, index) => increment(index)));
      assert.equal((await databases[1]?.carts.get(id))?.total_cents, 60);
      for (const { database } of databases) await database.close();
    });

    test('of all who change what all have read, one succeeds', async () => {
      await using db = await openCarts(await fresh());
      const read = await db.carts.add({ owner: 'a', note: null, total_cents: 0 });
      const condition = { match: [{ weak: false, opaque: entityTag(JSON.stringify(read)) }], noneMatch: [] };
      const change = async (total_cents: number): Promise<boolean> => {
        try {
          await db.carts.change(read.id, { total_cents }, condition);
          return true;
        } catch (error) {
          assert.ok(isAppError(error) && error.code === 'PRECONDITION_FAILED', String(error));
          return false;
        }
      };
      const ends = await Promise.all(Array.from({ length: 20 }, (_, index) => change(index + 1)));
      assert.equal(ends.filter(Boolean).length, 1);
    });

    test('paging shows each row once while rows are added and removed, and all that were there all the time', async () => {
      await using db = await openCarts(await fresh());
      const { carts } = db;
      const lasting: number[] = [];
      for (let index = 0; index < 30; index += 1) {
        const { id } = await carts.add({ owner: `first-${index}`, note: null, total_cents: 1 });
        lasting.push(id);
      }
      const seen: number[] = [];
      for (let cursor: number | undefined = 0, page = 0; cursor !== undefined; page += 1) {
        const found: Awaited<ReturnType<typeof carts.page>> = await carts.page({ limit: 7, cursor });
        seen.push(...found.rows.map(({ id }) => id));
        cursor = found.nextAfterId;
        if (page > 2) continue;
        await carts.add({ owner: `later-${page}`, note: null, total_cents: 1 });
        const gone = lasting.splice(page, 1)[0] ?? assert.fail();
        await carts.remove(gone);
      }
      assert.deepEqual(
        seen,
        [...new Set(seen)].sort((one, other) => one - other),
      );
      assert.deepEqual(
        lasting.filter((id) => !seen.includes(id)),
        [],
      );
    });

    test('first rows come once, however many start at once; deleted ones stay deleted, and ids go on after them', async () => {
      const url = await fresh();
      const sql = "INSERT INTO carts (id, owner, note, total_cents) VALUES (1, 'Ada', NULL, 5), (2, 'Bob', 'x', 7)";
      const seed = { table: 'carts', sql };
      const databases = await Promise.all(Array.from({ length: 4 }, () => openCarts(url, { seed })));
      const { carts } = databases[0] ?? assert.fail();
      assert.equal((await carts.page({})).rows.length, 2);
      const { id } = await carts.add({ owner: 'Cleo', note: null, total_cents: 1 });
      assert.ok(id > 2);
      for (const row of (await carts.page({})).rows) await carts.remove(row.id);
      await using again = await openCarts(url, { seed });
      assert.deepEqual((await again.carts.page({})).rows, []);
      assert.ok((await cartsIn(again.database).add({ owner: 'Dan', note: null, total_cents: 1 })).id > id);
      for (const { database } of databases) await database.close();
    });
  });
}
