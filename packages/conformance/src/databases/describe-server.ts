import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemClock as clock, isAppError } from '@flotilla/contracts';
import { sql } from 'kysely';
import { type CartDatabase, openCarts } from './carts.ts';
import type { DatabaseServer } from './database-server.ts';

/** What the suite must know of a server's SQL. */
export interface ServerSql {
  /** A statement that takes so many seconds. */
  sleep(seconds: number): string;
  /** A query for administrators: the number of connections to a database. */
  connections(database: string): string;
  /** Ends the connections to a database. */
  disconnect(server: DatabaseServer, database: string): Promise<unknown>;
}

/** What a program sees of a server that is slow, away, or back again. */
export function describeServer(name: string, server: () => DatabaseServer, words: ServerSql): void {
  describe(`${name} may come and go`, () => {
    let made = 0;
    const fresh = async (): Promise<{ readonly database: string; readonly url: string }> => {
      const database = `server_${(made += 1)}`;
      return { database, url: await server().createDatabase(database) };
    };
    const run = (db: CartDatabase, text: string): Promise<unknown> => sql.raw(text).execute(db.database.query);
    const connections = async (database: string): Promise<number> =>
      Number(await server().sql(words.connections(database)));
    const works = async ({ carts }: CartDatabase): Promise<boolean> => {
      try {
        await carts.page({});
        return true;
      } catch (error) {
        assert.ok(isUnavailable(error), String(error));
        return false;
      }
    };
    const timed = async (work: Promise<unknown>): Promise<{ readonly error: unknown; readonly tookMs: number }> => {
      const beganMs = performance.now();
      const error = await work.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      return { error, tookMs: performance.now() - beganMs };
    };

    test('many statements share the connections of the pool, and nobody gets lost', async () => {
      const { database, url } = await fresh();
      await using db = await openCarts(url, { poolSize: 3 });
      const adds = Array.from({ length: 60 }, (_, index) =>
        db.carts.add({ owner: `owner-${index}`, note: null, total_cents: index }),
      );
      const rows = await Promise.all(adds);
      assert.equal(new Set(rows.map(({ id }) => id)).size, 60);
      assert.ok((await connections(database)) <= 4);
    });

    test('who finds all connections in use for a second is told so, and the pool recovers', async () => {
      const { url } = await fresh();
      await using db = await openCarts(url, { clock, poolSize: 2 });
      const held = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const ended = Promise.withResolvers<void>();
      const holders = held.map(({ resolve }) =>
        db.database.transaction(async () => {
          resolve();
          await ended.promise;
        }),
      );
      await Promise.all(held.map(({ promise }) => promise));
      const late = await timed(db.carts.page({}));
      assert.match(causeOf(late.error), /no connection was free within 1000 ms; all 2 are in use/);
      await db.database.check();
      ended.resolve();
      await Promise.all(holders);
      assert.ok(await works(db));
    });

    test('a statement that takes too long is stopped, and leaves the connection as it was', async () => {
      const { database, url } = await fresh();
      await using db = await openCarts(url, { clock, poolSize: 1, statementTimeoutMs: 300 });
      await assert.rejects(run(db, words.sleep(20)), isUnavailable);
      assert.ok(await works(db));
      await eventually(async () => (await connections(database)) <= 1);
    });

    test('a row that another transaction has locked is waited for, for a second', async () => {
      const { url } = await fresh();
      await using db = await openCarts(url, { clock });
      const { id } = await db.carts.add({ owner: 'a', note: null, total_cents: 1 });
      const late = await db.database.transaction(async (transaction) => {
        await transaction.query.updateTable('carts').set({ note: 'held' }).where('id', '=', id).execute();
        return timed(db.carts.change(id, { note: 'late' }));
      });
      assert.ok(isUnavailable(late.error), String(late.error));
      // Not longer: the row is free only after this.
      assert.ok(late.tookMs > 500, `${late.tookMs} ms`);
      assert.equal((await db.carts.get(id)).note, 'held');
    });

    test('of two transactions that wait for each other, one goes on and the other is told to try again', async () => {
      const { url } = await fresh();
      await using db = await openCarts(url, { clock });
      const ids: number[] = [];
      for (const owner of ['a', 'b']) ids.push((await db.carts.add({ owner, note: null, total_cents: 0 })).id);
      const [first = 0, second = 0] = ids;
      const held = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const both = async (mine: number, other: number, index: number): Promise<void> =>
        db.database.transaction(async ({ query }) => {
          await query
            .updateTable('carts')
            .set({ note: String(index) })
            .where('id', '=', mine)
            .execute();
          held[index]?.resolve();
          await Promise.all(held.map(({ promise }) => promise));
          await query
            .updateTable('carts')
            .set({ note: String(index) })
            .where('id', '=', other)
            .execute();
        });
      const ends = await Promise.all([timed(both(first, second, 0)), timed(both(second, first, 1))]);
      const errors = ends.flatMap(({ error }) => (error === undefined ? [] : [error]));
      assert.equal(errors.length, 1);
      assert.ok(isUnavailable(errors[0]), String(errors[0]));
      const notes = (await db.carts.page({})).rows.map(({ note }) => note);
      assert.equal(notes[0], notes[1], 'nothing of the other is left');
    });

    test('a transaction whose connection is cut leaves nothing, and the next one works', async () => {
      const { database, url } = await fresh();
      await using db = await openCarts(url, { clock, poolSize: 2 });
      const cut = db.database.transaction(async ({ query }) => {
        await query
          .insertInto('carts')
          .values({ owner: 'half', note: null, total_cents: 1 } as never)
          .execute();
        await words.disconnect(server(), database);
        await query
          .insertInto('carts')
          .values({ owner: 'half-2', note: null, total_cents: 1 } as never)
          .execute();
      });
      await assert.rejects(cut, isUnavailable);
      await eventually(() => works(db));
      assert.deepEqual((await db.carts.page({})).rows, []);
    });

    test('while the server does not answer, everybody is told so soon; afterwards all works, with no connection left over', async () => {
      const { database, url } = await fresh();
      await using db = await openCarts(url, { clock, poolSize: 4 });
      await db.carts.add({ owner: 'before', note: null, total_cents: 1 });
      await server().freeze();
      try {
        // It answers only after all of them have ended.
        await assert.rejects(db.database.check(), /has not answered within 800 ms/);
        const many = Array.from({ length: 40 }, () => db.carts.page({}));
        await Promise.all(many.map((page) => assert.rejects(page, isUnavailable)));
        await assert.rejects(
          db.database.transaction(async ({ query }) => run({ ...db, database: { ...db.database, query } }, 'SELECT 1')),
          isUnavailable,
        );
      } finally {
        await server().thaw();
      }
      await eventually(() => works(db));
      await db.database.check();
      assert.equal((await db.carts.page({})).rows.length, 1);
      await eventually(async () => (await connections(database)) <= 4);
    });

    test('statements that run when the server stops to answer do not wait for their own limit', async () => {
      const { url } = await fresh();
      await using db = await openCarts(url, { clock, poolSize: 4, statementTimeoutMs: 600_000 });
      const running = Array.from({ length: 3 }, () => run(db, words.sleep(8)));
      await server().freeze();
      try {
        // It answers only after all of them have ended.
        await Promise.all(running.map((one) => assert.rejects(one, isUnavailable)));
      } finally {
        await server().thaw();
      }
      await eventually(() => works(db));
    });

    test('a server that is killed and restarted is used again, and what it had acknowledged is there', async () => {
      const { database, url } = await fresh();
      await using db = await openCarts(url, { clock, poolSize: 4 });
      const acknowledged: string[] = [];
      let goesOn = true;
      const write = async (writer: number): Promise<void> => {
        for (let index = 0; goesOn; index += 1) {
          const owner = `${writer}-${index}`;
          try {
            await db.carts.add({ owner, note: null, total_cents: 1 });
            acknowledged.push(owner);
          } catch (error) {
            assert.ok(isUnavailable(error), String(error));
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        }
      };
      const writers = [0, 1, 2, 3].map(write);
      await eventually(() => acknowledged.length > 20);
      await server().kill();
      const before = acknowledged.length;
      assert.equal(await works(db), false);
      await assert.rejects(db.database.check());
      await server().start();
      await eventually(() => acknowledged.length > before + 20);
      goesOn = false;
      await Promise.all(writers);
      const kept = await db.database.query.selectFrom('carts').select('owner').execute();
      const owners = new Set(kept.map(({ owner }) => owner));
      assert.deepEqual(
        acknowledged.filter((owner) => !owners.has(owner)),
        [],
      );
      assert.ok((await connections(database)) <= 5);
    });
  });
}

/** Longer than anything takes, even on a busy machine: only a test that fails waits so long. */
const giveUpMs = 20_000;

async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const endMs = performance.now() + giveUpMs; !(await condition()); ) {
    assert.ok(performance.now() < endMs, `waited ${giveUpMs} ms for ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const isUnavailable = (error: unknown): boolean => isAppError(error) && error.code === 'STORAGE_UNAVAILABLE';

function causeOf(error: unknown): string {
  return error instanceof Error ? String(error.cause) : String(error);
}
