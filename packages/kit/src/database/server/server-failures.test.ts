import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { temporaryCertificate } from '@flotilla/conformance';
import {
  type DatabaseServer,
  findMariadb,
  findPostgres,
  openCarts,
  startMariadb,
  startPostgres,
} from '@flotilla/conformance/databases';
import { sql } from 'kysely';
import { databaseLocation } from '../../config/index.ts';
import { openKind } from '../open-database.ts';
import type { SetupFailure } from '../setup-failure.ts';

const kinds = [
  {
    name: 'PostgreSQL',
    engine: await findPostgres(),
    start: startPostgres,
    // An address that the certificate does not name.
    moreAddresses: ['-c', 'listen_addresses=127.0.0.1,127.0.0.2'],
    makeReadOnly: (database: string) => `ALTER DATABASE "${database}" SET default_transaction_read_only = on`,
    limitedUser: (database: string) =>
      `CREATE USER reader PASSWORD 'hunter2'; GRANT CONNECT ON DATABASE "${database}" TO reader`,
  },
  {
    name: 'MariaDB',
    engine: findMariadb(),
    start: startMariadb,
    moreAddresses: [],
    makeReadOnly: (database: string) => `GRANT CREATE, DROP ON \`${database}\`.* TO reader; SET GLOBAL read_only = 1`,
    limitedUser: (database: string) =>
      `CREATE USER reader IDENTIFIED BY 'hunter2'; GRANT SELECT ON \`${database}\`.* TO reader`,
  },
];

/** Why a database cannot be used; undefined: it can. Whatever is said of it, no password is part of it. */
async function failureAt(url: string): Promise<SetupFailure | 'wrong' | undefined> {
  const location = databaseLocation(url);
  const kind = await openKind(location, { url, migrations: [], connectTimeoutMs: 10_000 });
  try {
    await kind.forMigrations((connection) =>
      kind.runScript('CREATE TABLE things (x int); DROP TABLE things', connection),
    );
    return undefined;
  } catch (error) {
    const said = `${inspect(error, { depth: 9, showHidden: true })} ${kind.describe(error)}`;
    if (location.kind !== 'sqlite') assert.ok(location.password === '' || !said.includes(location.password), said);
    return kind.failureOf(error) ?? 'wrong';
  } finally {
    await kind.close();
  }
}

for (const { name, engine, start, moreAddresses, limitedUser, makeReadOnly } of kinds) {
  const skip = engine.kind === 'missing' && engine.reason;
  describe(`why ${name} cannot be used is told`, { skip }, () => {
    if (engine.kind === 'missing') return;
    const with_ = (server: DatabaseServer, password: string): string =>
      server.url('shop', { user: server.admin.user, password });

    test('without TLS', async () => {
      await using server = await start(engine.path);
      const url = await server.createDatabase('shop');
      assert.equal(await failureAt(url), undefined);
      assert.equal(await failureAt(with_(server, 'hunter2')), 'password');
      assert.equal(await failureAt(with_(server, '')), 'password');
      assert.equal(await failureAt(server.url('no-such-database')), 'missing-database');
      assert.equal(await failureAt(`${url}?sslmode=require`), 'tls-missing');
      assert.equal(await failureAt(url.replace('127.0.0.1', 'no-such-host.invalid')), 'unreachable');
      await server.sql(limitedUser('shop'));
      const reader = server.url('shop', { user: 'reader', password: 'hunter2' });
      assert.equal(await failureAt(reader), 'forbidden');
      await server.sql(makeReadOnly('shop'));
      assert.equal(await failureAt(reader), 'read-only');
      await server.kill();
      assert.equal(await failureAt(url), 'unreachable');
    });

    test('with TLS', async () => {
      await using certificate = await temporaryCertificate('localhost');
      await using server = await start(engine.path, { tls: certificate, args: moreAddresses });
      const url = await server.createDatabase('shop');
      const named = url.replace('127.0.0.1', 'localhost');
      const trusted = `sslrootcert=${encodeURIComponent(certificate.certFile)}`;
      assert.equal(await failureAt(url), undefined);
      assert.equal(await failureAt(`${url}?sslmode=require`), undefined);
      assert.equal(await failureAt(`${url}?sslmode=verify-ca`), 'tls-untrusted');
      assert.equal(await failureAt(`${url}?sslmode=verify-ca&${trusted}`), undefined);
      assert.equal(await failureAt(`${named}?sslmode=verify-full&${trusted}`), undefined);
      assert.equal(await failureAt(`${named}?sslmode=verify-full`), 'tls-untrusted');
      assert.equal(await failureAt(`${url}?sslmode=verify-ca&sslrootcert=/no/such/file`), 'tls-file');
      if (moreAddresses.length > 0) {
        const other = url.replace('127.0.0.1', '127.0.0.2');
        assert.equal(await failureAt(`${other}?sslmode=verify-full&${trusted}`), 'tls-name');
        assert.equal(await failureAt(`${other}?sslmode=verify-ca&${trusted}`), undefined);
      }
    });
  });
}

test('what answers at the address may be no database', async (t) => {
  const server = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  // A web server may also close the connection before it has said anything.
  assert.match(String(await failureAt(`postgres://a:hunter2@127.0.0.1:${port}/d`)), /^(?:other-server|unreachable)$/);
});

test('a statement that was prepared before its table changed is prepared anew', async (t) => {
  const engine = await findPostgres();
  if (engine.kind === 'missing') return t.skip(engine.reason);
  await using server = await startPostgres(engine.path);
  await using db = await openCarts(await server.createDatabase('shop'), { poolSize: 1 });
  const cart = await db.carts.add({ owner: 'a', note: null, total_cents: 7 });
  assert.deepEqual(await db.carts.get(cart.id), cart);
  await server.sql('ALTER TABLE carts ALTER COLUMN total_cents TYPE numeric', 'shop');
  assert.deepEqual(await db.carts.get(cart.id), cart);
  assert.deepEqual(await db.carts.get(cart.id), cart);
});

test('a statement that the server has lost, or has already, is prepared again: a pooler may have changed the connection', async (t) => {
  const engine = await findPostgres();
  if (engine.kind === 'missing') return t.skip(engine.reason);
  await using server = await startPostgres(engine.path);
  const url = await server.createDatabase('shop');
  await using db = await openCarts(url, { poolSize: 1 });
  const run = (text: string) =>
    sql<{ readonly name: string; readonly statement: string }>`${sql.raw(text)}`.execute(db.database.query);
  const cart = await db.carts.add({ owner: 'a', note: null, total_cents: 7 });
  assert.deepEqual(await db.carts.get(cart.id), cart);
  const { rows: prepared } = await run('SELECT name, statement FROM pg_prepared_statements');
  await run('DEALLOCATE ALL');
  assert.deepEqual(await db.carts.get(cart.id), cart);
  // Now it is known, so that not even a transaction fails, of which nothing can be repeated.
  await run('DEALLOCATE ALL');
  const owners = await db.database.transaction(async ({ query }) => {
    const read = query.selectFrom('carts').select('owner').where('id', '=', cart.id);
    const before = await read.execute();
    await sql`DEALLOCATE ALL`.execute(query);
    return [...before, ...(await read.execute())].map(({ owner }) => owner);
  });
  assert.deepEqual(owners, ['a', 'a']);
  await using other = await openCarts(url, { poolSize: 1 });
  // What another program has prepared, in another order.
  for (const { name, statement } of prepared.toReversed())
    await sql.raw(`PREPARE "${name}" AS ${statement}`).execute(other.database.query);
  assert.deepEqual(await other.carts.get(cart.id), cart);
  await other.carts.remove(cart.id);
  await assert.rejects(db.carts.get(cart.id), { code: 'NOT_FOUND' });
});

test('a connection through a Unix socket is like any other', async (t) => {
  const engine = await findPostgres();
  if (engine.kind === 'missing') return t.skip(engine.reason);
  await using server = await startPostgres(engine.path);
  const url = (await server.createDatabase('shop')).replace('127.0.0.1', encodeURIComponent(server.socketFolder));
  const kind = await openKind(databaseLocation(url), { url, migrations: [] });
  const found = await kind.forMigrations((connection) =>
    sql<{ readonly address: string | null }>`SELECT inet_client_addr() AS address`.execute(connection),
  );
  assert.deepEqual(found.rows, [{ address: null }]);
  await kind.close();
});
