// Every way in which a DATABASE_URL can be wrong, with real servers: what somebody must mend ends the start with 78 and one line that
// says what to do; what may pass by itself leaves the program running, alive and not ready. No line shows a password.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryCertificate } from '@flotilla/conformance';
import {
  type DatabaseServer,
  findMariadb,
  findPostgres,
  sharedServer,
  startMariadb,
  startPostgres,
} from '@flotilla/conformance/databases';

const program = fileURLToPath(new URL('../../apps/user-service/src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'flotilla-database-urls-'));
const secret = 'hunter2-secret';
const started: ChildProcess[] = [];
after(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  /** Undefined: it listens. */
  readonly code: number | undefined;
  readonly url: string;
  readonly err: string;
  readonly lines: readonly string[];
  stop(): Promise<unknown>;
}

/** Starts user-service, or a command of it, and waits until it listens or has ended. */
async function start(
  url: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...args], {
    env: {
      PATH: process.env['PATH'],
      SERVER_HOST: '127.0.0.1',
      SERVER_PORT: '0',
      GRPC_PORT: '0',
      REGISTRY_URL: 'http://127.0.0.1:1',
      CENTRAL_CONFIG_WAIT_MS: '0',
      LOG_FORMAT: 'json',
      DATABASE_URL: url,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => Number(code));
  const lines: string[] = [];
  const listening = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (line.includes('"msg":"listening"')) listening.resolve(String(JSON.parse(line).url));
  });
  const outcome = await Promise.race([ended, listening.promise]);
  const code = typeof outcome === 'number' ? outcome : undefined;
  return {
    code,
    url: String(outcome),
    get err() {
      return err;
    },
    lines,
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** It ends with 78, and says `expected` on one line, that of the setting if it is one. */
async function refused(url: string, expected: RegExp, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const { code, err, lines } = await start(url, env);
  assert.equal(code, 78, err);
  const told = err.trimEnd().split('\n');
  const [line = '', ...more] = told.filter((each) => !each.endsWith('a setting is wrong.'));
  assert.match(line, expected);
  assert.ok(
    more.every((each) => each === 'Run with --help to list all settings.'),
    err,
  );
  assert.ok(!`${lines.join()}${err}`.includes(secret), err);
}

/** It listens, is alive, and says that the database is why it is not ready; then it can be stopped. */
async function waits(url: string, expected: RegExp): Promise<void> {
  const running = await start(url);
  assert.equal(running.code, undefined, running.err);
  const asked = await Promise.all(['/health', '/ready', '/users'].map((path) => fetch(running.url + path)));
  assert.deepEqual(
    asked.map(({ status }) => status),
    [200, 503, 503],
  );
  assert.match(JSON.stringify(await asked[1]?.json()), /"database":"failed"/);
  const [told] = running.lines.filter((line) => line.includes('database unavailable; retrying'));
  assert.match(String(JSON.parse(told ?? '{}').reason), expected);
  assert.equal(await running.stop(), 0);
  assert.ok(!`${running.lines.join()}${running.err}`.includes(secret));
}

describe('a DATABASE_URL that cannot be read', () => {
  const wrong: readonly (readonly [url: string, expected: RegExp])[] = [
    [`oracle://app:${secret}@db/shop`, /has the scheme oracle:, but only sqlite:, postgres/],
    ['127.0.0.1:5432', /is only a host and port; write a URL/],
    ['postgres://db', /names no user/],
    [`postgres://app:${secret}@db`, /names no database/],
    [`postgres://app:${secret}@db/shop?sslmode=maybe`, /sslmode/],
    ['sqlite:', /does not name a file/],
    ['users.db', /is not a database URL/],
  ];
  for (const [url, expected] of wrong) test(url.replace(secret, '…'), () => refused(url, expected));
});

describe('a file of SQLite', () => {
  test('that is no database', async () => {
    const file = join(folder, 'text.db');
    writeFileSync(file, 'no database, and long enough to be looked at as if it were one'.repeat(20));
    await refused(
      `sqlite:${file}`,
      /Cannot open the database .*text\.db \(not a database\): check that .*DATABASE_URL$/,
    );
  });
  test('in a folder that cannot be written', () =>
    refused(
      'sqlite:/proc/none/users.db',
      /Cannot open the database \/proc\/none\/users\.db .*check that the folder is writable/,
    ));
});

test('a server that is away is waited for', async () => {
  await waits(`postgres://app:${secret}@127.0.0.1:1/shop`, /ECONNREFUSED/);
  await waits(`mariadb://app:${secret}@127.0.0.1:1/shop`, /ECONNREFUSED/);
  await waits(`postgres://app:${secret}@db.invalid/shop`, /ENOTFOUND|EAI_AGAIN/);
});

const servers = [
  { name: 'PostgreSQL', scheme: 'postgres', engine: await findPostgres(), start: startPostgres },
  { name: 'MariaDB', scheme: 'mariadb', engine: findMariadb(), start: startMariadb },
] as const;

for (const { name, scheme, engine, start: startServer } of servers) {
  describe(name, { skip: engine.kind === 'missing' && engine.reason }, () => {
    if (engine.kind === 'missing') return;
    const server = sharedServer(engine, startServer);
    const to = (account: string, database = 'shop', query = ''): string =>
      `${scheme}://${account}@${server().host}:${server().port}/${database}${query}`;
    before(async () => {
      await server().createDatabase('shop');
      await prepareAccounts(name, server());
    });

    test('a wrong password, and a user who does not exist', async () => {
      await refused(
        to('flotilla:wrong'),
        /does not know the user "flotilla", or not with this password\. Correct the user or the password in DATABASE_URL/,
      );
      await refused(to(`nobody:${secret}`), /does not know the user "nobody"/);
    });

    test('a database that does not exist', () =>
      refused(server().url('none'), /has no database "none"\. Create it, or correct its name in DATABASE_URL$/));

    test('TLS that the server does not offer', () =>
      refused(
        `${server().url('shop')}?sslmode=require`,
        /offers no TLS, but DATABASE_URL asks for it \(sslmode=require\)/,
      ));

    // Whatever answers there now, the right one may take its place.
    test('another server than one of this kind is waited for', async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo; // It listens on TCP.
      try {
        await waits(`${scheme}://app:${secret}@127.0.0.1:${port}/shop`, /\S/);
      } finally {
        other.closeAllConnections();
        other.close();
      }
    });

    test('a user who may not create tables: only a migration needs it', async () => {
      await refused(
        to(`reader:${secret}`),
        /The user "reader" may not do to the database "shop" what a migration needs .*"migrate up" with the DATABASE_URL of a user who may$/,
      );
      assert.equal((await start(server().url('shop'), {}, ['migrate', 'up'])).code, 0);
      await grantReading(name, server());
      await refused(
        to(`reader:${secret}`),
        /The example rows cannot be added to the table "users" .*Set SEED_DEMO_DATA=false/,
      );
      const running = await start(to(`reader:${secret}`), { SEED_DEMO_DATA: 'false' });
      assert.equal(running.code, undefined, running.err);
      assert.equal((await fetch(`${running.url}/users`)).status, 200);
      const body = JSON.stringify({ name: 'A', email: 'a@example.com' });
      const headers = { 'content-type': 'application/json' };
      assert.equal((await fetch(`${running.url}/users`, { method: 'POST', headers, body })).status, 503);
      assert.equal(await running.stop(), 0);
    });

    test('an older schema, if the start may not migrate', async () => {
      const url = await server().createDatabase('older');
      await refused(
        url,
        /lacks \d migrations \(0001-create-users.*Run this program with the arguments "migrate up" first$/,
        {
          DATABASE_MIGRATE: 'never',
        },
      );
    });

    test('a newer schema', async () => {
      const url = await server().createDatabase('newer');
      assert.equal((await start(url, {}, ['migrate', 'up'])).code, 0);
      const add = (id: string, compatible: number): Promise<string> =>
        server().sql(
          `INSERT INTO kysely_migration (name, timestamp, checksum, backward_compatible) VALUES ('${id}', '2030', 'x', ${compatible})`,
          'newer',
        );
      await add('8000-later', 1);
      const running = await start(url);
      assert.equal(running.code, undefined, running.err);
      assert.match(running.lines.join(), /migrations of a newer version/);
      assert.equal(await running.stop(), 0);
      await add('9000-latest', 0);
      await refused(
        url,
        /has the migration 9000-latest .*Start the newer version, take it back with that version \(migrate down --to \d{4}-[a-z-]+\)/,
      );
    });
  });
}

async function prepareAccounts(name: string, server: DatabaseServer): Promise<void> {
  if (name === 'MariaDB') {
    await server.sql(`CREATE USER 'reader'@'%' IDENTIFIED BY '${secret}'; GRANT SELECT ON shop.* TO 'reader'@'%'`);
    return;
  }
  await server.sql(`CREATE ROLE reader LOGIN PASSWORD '${secret}'`);
}

async function grantReading(name: string, server: DatabaseServer): Promise<void> {
  if (name === 'MariaDB') return;
  await server.sql('GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader', 'shop');
}

test('TLS that the server wants, and a certificate that nobody trusts', async (t) => {
  const engine = findMariadb();
  if (engine.kind === 'missing') return t.skip(engine.reason);
  await using certificate = await temporaryCertificate('localhost');
  await using server = await startMariadb(engine.path, { tls: certificate, args: ['--require-secure-transport=ON'] });
  const url = await server.createDatabase('shop');
  await refused(url, /not with this password\. .*If the server wants TLS, add \?sslmode=verify-full$/);
  await refused(
    `${url}?sslmode=verify-ca`,
    /is of an authority that is not trusted here \(.*\)\. Name the authority's file with sslrootcert/,
  );
  await refused(
    `${url}?sslmode=verify-ca&sslrootcert=${folder}/none.pem`,
    /cannot read the file .*none\.pem.*Correct sslrootcert/,
  );
  assert.equal(
    (await start(`${url}?sslmode=verify-ca&sslrootcert=${certificate.certFile}`, {}, ['migrate', 'up'])).code,
    0,
  );
});
