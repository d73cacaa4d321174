import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import {
  type CartDatabase,
  type CartRow,
  findMariadb,
  openCarts,
  sharedServer,
  startMariadb,
} from '@flotilla/conformance/databases';
import { isAppError } from '@flotilla/contracts';
import { type PreparedQuery, type Transaction, UniqueViolation } from '../index.ts';

const engine = findMariadb();

if (engine.kind === 'missing') test('MariaDB', { skip: engine.reason });
else {
  const server = sharedServer(engine, startMariadb, { args: ['--max-allowed-packet=1M'] });

  /** A database whose transactions read a cart, add one, and add another one with the commit. */
  const open = async (url: string, poolSize = 1): Promise<CartDatabase & { orders: Orders }> => {
    const db = await openCarts(url, { poolSize });
    return { ...db, orders: new Orders(db), [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() };
  };
  /** How many compound statements the server has run. */
  const compounds = async (): Promise<number> =>
    Number((await server().sql("SHOW GLOBAL STATUS LIKE 'Com_compound_sql'")).split('\t')[1]);
  const inCompounds = async (work: () => Promise<unknown>): Promise<number> => {
    const before = await compounds();
    await work();
    return (await compounds()) - before;
  };

  test('MariaDB is asked three times for a transaction of three statements, whatever their values', async () => {
    await using db = await open(await server().createDatabase('whole'));
    await db.orders.place('first', 'first with it');
    assert.equal(await inCompounds(() => db.orders.place("it's \\ ?", '😀')), 2);
    assert.deepEqual(await db.orders.owners(), ['first', 'first with it', "it's \\ ?", '😀']);
  });

  test('MariaDB commits nothing if a statement that goes with the commit fails, and the connection goes on', async () => {
    await using db = await open(await server().createDatabase('fails'));
    await db.orders.place('a', 'b');
    for (let time = 0; time < 3; time += 1) await assert.rejects(db.orders.place('c', 'a'), UniqueViolation);
    await assert.rejects(db.orders.place('c', 'c'), UniqueViolation);
    await assert.rejects(db.orders.place('c', 'd', -1));
    await assert.rejects(db.orders.place('c', 'x'.repeat(51)));
    assert.deepEqual(await db.orders.owners(), ['a', 'b']);
    await db.orders.place('c', 'd');
    assert.deepEqual(await db.orders.owners(), ['a', 'b', 'c', 'd']);
  });

  test('MariaDB commits nothing if what goes with the commit waits for a lock in vain', async () => {
    await using db = await open(await server().createDatabase('waits'), 2);
    await db.database.transaction(async (transaction) => {
      await db.orders.insert({ owner: 'held', total_cents: 1 }, transaction as Transaction);
      await assert.rejects(db.orders.place('late', 'held'), isUnavailable);
    });
    assert.deepEqual(await db.orders.owners(), ['held']);
  });

  test('MariaDB commits nothing of a transaction that it ends because of a deadlock, in what goes with the commit', async () => {
    await using db = await open(await server().createDatabase('deadlock'), 2);
    await db.orders.place('a', 'b');
    const held = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const change = (mine: string, other: string, index: number): Promise<void> =>
      db.database.transaction(async (transaction) => {
        await db.orders.update({ owner: mine, note: String(index) }, transaction as Transaction);
        held[index]?.resolve();
        await Promise.all(held.map(({ promise }) => promise));
        await db.orders.update.later({ owner: other, note: String(index) }, transaction as Transaction);
      });
    const ends = await Promise.allSettled([change('a', 'b', 0), change('b', 'a', 1)]);
    const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    assert.equal(reasons.length, 1);
    assert.ok(isUnavailable(reasons[0]), String(reasons[0]));
    const [first, second] = (await db.carts.page({})).rows;
    assert.ok(first?.note !== null && first?.note === second?.note, 'nothing of the other is left');
  });

  for (const what of ['CONNECTION', 'QUERY'] as const)
    test(`MariaDB commits nothing if KILL ${what} meets what goes with the commit`, async () => {
      const name = `kill_${what}`.toLowerCase();
      await using db = await open(await server().createDatabase(name), 2);
      await db.database.transaction(async (transaction) => {
        await db.orders.insert({ owner: 'held', total_cents: 1 }, transaction as Transaction);
        const placed = assert.rejects(db.orders.place('killed', 'held'), isUnavailable);
        const waiting = `SELECT id FROM information_schema.processlist WHERE db = '${name}' AND command = 'Execute'`;
        let id = '';
        while (id === '') id = await server().sql(waiting);
        await server().sql(`KILL ${what} ${id}`);
        await placed;
      });
      assert.deepEqual(await db.orders.owners(), ['held']);
      await db.orders.place('next', 'next with it');
      assert.equal((await db.orders.owners()).length, 3);
    });

  test('MariaDB commits nothing if what goes with the commit is larger than it reads', async () => {
    await using db = await open(await server().createDatabase('large'));
    await assert.rejects(db.orders.place('a', 'x'.repeat(3_000_000)));
    assert.deepEqual(await db.orders.owners(), []);
    await db.orders.place('a', 'b');
    assert.deepEqual(await db.orders.owners(), ['a', 'b']);
  });

  test('MariaDB says what is wrong with the first statement of a transaction, and later ones are as before', async () => {
    await using db = await open(await server().createDatabase('wrong'));
    const { database } = db;
    const wrong = [
      'select frm where 1 = ?',
      'select nothing from carts where id = ?',
      'select id from nothing where id = ?',
    ];
    for (const sql of wrong) {
      const run = {
        sql,
        parameters: [1],
        query: database.query.selectFrom('carts').toOperationNode(),
        queryId: { queryId: '' },
      };
      await assert.rejects(database.transaction((transaction) => transaction.run(run)));
    }
    const noText = (() => 'no text') as unknown as string;
    await assert.rejects(db.orders.place(noText, 'b'), /function is no value/);
    await assert.rejects(db.orders.place('a', noText), /function is no value/);
    await db.orders.place('a', 'b');
    assert.deepEqual(await db.orders.owners(), ['a', 'b']);
  });

  test('a first query that cannot be sent leaves a transaction to whoever catches its error', async () => {
    await using db = await open(await server().createDatabase('unsent'));
    await db.orders.place('a', 'b');
    const { database } = db;
    for (const value of [() => 'no text', { n: 1n }]) {
      const run = {
        sql: 'select id from carts where owner = ?',
        parameters: [value],
        query: database.query.selectFrom('carts').toOperationNode(),
        queryId: { queryId: '' },
      };
      const undone = database.transaction(async (given) => {
        const transaction = given as Transaction;
        await assert.rejects(transaction.run(run), /no value|BigInt/);
        await db.orders.insert({ owner: 'c', total_cents: 1 }, transaction);
        throw new Error('given up');
      });
      await assert.rejects(undone, /given up/);
      assert.deepEqual(await db.orders.owners(), ['a', 'b']);
    }
  });

  test('what has run is not run again if the driver cannot read its result', async () => {
    await using db = await open(await server().createDatabase('unread'));
    await db.orders.place('a', 'b');
    const { database } = db;
    await server().sql(
      "ALTER TABLE carts ADD COLUMN doc JSON; SET check_constraint_checks = 0; UPDATE carts SET doc = '{'",
      'unread',
    );
    const node = database.query.selectFrom('carts').toOperationNode();
    const query = (sql: string) => ({ sql, parameters: ['c'], query: node, queryId: { queryId: '' } });
    const undone = database.transaction(async (transaction) => {
      const later = transaction.runLater(query('insert into carts (owner, total_cents) values (?, 1)'));
      await Promise.allSettled([later, transaction.run(query('select doc from carts where owner <> ?'))]);
      throw new Error('given up');
    });
    await assert.rejects(undone, /given up/);
    assert.deepEqual(await db.orders.owners(), ['a', 'b']);
  });

  test('MariaDB gives a column that is added while the program runs', async () => {
    await using db = await open(await server().createDatabase('added'));
    await db.orders.place('a', 'b');
    const all = db.database.prepare(({ owner }: { readonly owner: string }) =>
      db.database.query.selectFrom('carts').selectAll().where('owner', '=', owner),
    );
    const read = (): Promise<object> =>
      db.database.transaction(async (transaction) => (await all({ owner: 'a' }, transaction as Transaction))[0] ?? {});
    assert.ok(!('added' in (await read())));
    await server().sql('ALTER TABLE carts ADD COLUMN added INT', 'added');
    assert.ok('added' in (await read()));
  });

  test('MariaDB reads and writes where a name leads when the transaction runs, also after a view has taken it', async () => {
    const name = 'moved';
    await using db = await open(await server().createDatabase(name));
    for (const owner of ['a', 'b', 'c']) await db.orders.place(owner, `${owner} with it`);
    await server().sql('RENAME TABLE carts TO first_carts', name);
    await server().sql('CREATE VIEW carts AS SELECT * FROM first_carts', name);
    for (const owner of ['d', 'e']) await db.orders.place(owner, `${owner} with it`);
    assert.equal((await db.orders.owners()).length, 10);
    await server().sql('CREATE TABLE second_carts LIKE first_carts', name);
    await server().sql('CREATE OR REPLACE VIEW carts AS SELECT * FROM second_carts', name);
    assert.equal(await inCompounds(() => db.orders.place('f', 'f with it')), 2, 'still together');
    assert.deepEqual(await db.orders.owners(), ['f', 'f with it']);
    assert.equal(await server().sql('SELECT COUNT(*) FROM first_carts', name), '10');
  });

  test('a proxy that has connections of its own reads each statement of a transaction', async () => {
    await using proxy = await startProxy(server().port);
    const url = await server().createDatabase('proxied');
    await using db = await open(url.replace(`:${server().port}/`, `:${proxy.port}/`));
    assert.equal(await inCompounds(() => db.orders.place('a', 'b')), 0);
    await assert.rejects(db.orders.place('c', 'a'), UniqueViolation);
    assert.deepEqual(await db.orders.owners(), ['a', 'b']);
  });
}

type NewCart = Pick<CartRow, 'owner' | 'total_cents'>;

/** Transactions like that of an order and its event. */
class Orders {
  readonly insert: PreparedQuery<NewCart, unknown>;
  readonly update: PreparedQuery<Pick<CartRow, 'owner' | 'note'>, unknown>;
  readonly #find: PreparedQuery<Pick<CartRow, 'owner'>, { readonly id: number }>;
  readonly #db: CartDatabase;

  constructor(db: CartDatabase) {
    this.#db = db;
    const { query } = db.database;
    this.insert = db.database.prepare(({ owner, total_cents }: NewCart) =>
      query.insertInto('carts').values({ owner, total_cents } as CartRow),
    );
    this.update = db.database.prepare(({ owner, note }: Pick<CartRow, 'owner' | 'note'>) =>
      query.updateTable('carts').set({ note }).where('owner', '=', owner),
    );
    this.#find = db.database.prepare(({ owner }: Pick<CartRow, 'owner'>) =>
      query.selectFrom('carts').select('id').where('owner', '=', owner),
    );
  }

  place(owner: string, later: string, total_cents = 1): Promise<void> {
    return this.#db.database.transaction(async (given) => {
      const transaction = given as Transaction;
      const found = await this.#find({ owner }, transaction);
      assert.ok(found.every(({ id }) => typeof id === 'number'));
      await this.insert({ owner, total_cents: 1 }, transaction);
      await this.insert.later({ owner: later, total_cents }, transaction);
    });
  }

  async owners(): Promise<readonly string[]> {
    return (await this.#db.carts.page({ limit: 1_000 })).rows.map(({ owner }) => owner);
  }
}

const isUnavailable = (error: unknown): boolean => isAppError(error) && error.code === 'STORAGE_UNAVAILABLE';

/** Passes on everything, and greets with an id of its own. */
async function startProxy(port: number): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.pipe(upstream);
    upstream.once('data', (greeting) => {
      // A header of four bytes, the protocol's version, the server's version as a text that a zero ends, and the id.
      greeting.writeUInt32LE(4_000_000_000, greeting.indexOf(0, 5) + 1);
      client.write(greeting);
      upstream.pipe(client);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
