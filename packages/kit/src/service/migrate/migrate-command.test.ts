import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { fakeHost } from '@flotilla/conformance';
import { text } from '../../config/index.ts';
import type { Migration } from '../../database/index.ts';
import { runService } from '../run-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-migrate-command-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const one: Migration = { id: '0001-one', sql: () => 'CREATE TABLE one (x);', down: () => 'DROP TABLE one;' };
const two: Migration = { id: '0002-two', sql: () => '\n    CREATE TABLE two (x);\n    CREATE TABLE more (x);\n' };
const gone: Migration = { id: '0003-gone', retired: true };

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What `thing-service migrate <line>` does. It must never get as far as a start, nor ask for what only that needs. */
async function command(
  line: string,
  file: string,
  migrations: readonly Migration[] = [one, two, gone],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const { host, state, exited } = fakeHost({ DATABASE_URL: `sqlite:${join(folder, file)}`, ...env }, [
    'migrate',
    ...line.split(' '),
  ]);
  const setup = (): never => assert.fail('the service is set up');
  // A start needs it.
  const settings = { PARTNER_KEY: text({ describe: 'Key of the partner' }) };
  await runService({ name: 'thing-service', defaultPort: 0, settings, database: { migrations }, setup }, host);
  return { code: await exited(), out: state.out, err: state.err };
}

test('status tells what is missing with 3, and makes no file', async () => {
  const { code, out } = await command('status', 'none.db');
  assert.equal(code, 3);
  assert.match(
    out,
    /none\.db\n {2}0001-one {3}missing\n {2}0002-two {3}missing\n.*withdrawn.*\n3 migrations are missing/,
  );
  assert.equal(existsSync(join(folder, 'none.db')), false);
});

test('a dry run prints the SQL, and makes no file', async () => {
  const { code, out } = await command('up --dry-run', 'dry.db');
  assert.equal(code, 0);
  const two = '-- 0002-two (up)\nCREATE TABLE two (x);\nCREATE TABLE more (x);\n';
  assert.equal(out, `-- 0001-one (up)\nCREATE TABLE one (x);\n\n${two}\n-- 0003-gone (up)\n-- nothing\n`);
  assert.equal(existsSync(join(folder, 'dry.db')), false);
});

test('up applies what is missing, and says when there is nothing to do', async () => {
  assert.deepEqual(await command('up --to 0001', 'up.db'), { code: 0, out: 'Applied 0001-one\n', err: '' });
  assert.deepEqual(await command('up --json', 'up.db'), {
    code: 0,
    out: '{"direction":"up","ran":["0002-two","0003-gone"]}\n',
    err: '',
  });
  assert.match((await command('up', 'up.db')).out, /^Nothing to do: no migration is missing\n$/);
  const { code, out } = await command('status --json', 'up.db');
  assert.equal(code, 0);
  const shown = JSON.parse(out);
  assert.equal(shown.complete, true);
  assert.deepEqual(
    shown.migrations.map(({ id, state, has_down: hasDown }: Record<string, unknown>) => [id, state, hasDown]),
    [
      ['0001-one', 'applied', true],
      ['0002-two', 'applied', false],
      ['0003-gone', 'applied', undefined],
    ],
  );
});

test('down takes back the last one, and refuses what has no down', async () => {
  await command('up', 'down.db');
  assert.equal((await command('down', 'down.db')).out, 'Took back 0003-gone\n');
  const { code, err } = await command('down', 'down.db');
  assert.deepEqual([code, /0002-two\.ts cannot be taken back/.test(err)], [78, true]);
  const json = await command('down --json', 'down.db');
  assert.match(json.out, /^\{"error":"migrations\/0002-two\.ts cannot be taken back.*","ran":\[\]\}\n$/);
  assert.equal((await command('down --dry-run', 'single.db', [one])).out, '-- Nothing to do\n');
  await command('up', 'single.db', [one]);
  assert.equal((await command('down --dry-run', 'single.db', [one])).out, '-- 0001-one (down)\nDROP TABLE one;\n');
  assert.equal((await command('down --to none', 'single.db', [one])).out, 'Took back 0001-one\n');
});

test('a changed migration and one that fails are told with 78, a locked database with 69', async () => {
  await command('up', 'wrong.db', [one]);
  const changed: Migration = { id: one.id, sql: () => 'CREATE TABLE uno (x);' };
  for (const verb of ['status', 'up', 'up --dry-run', 'down']) {
    const { code, err } = await command(verb, 'wrong.db', [changed]);
    assert.deepEqual(
      [code, err.startsWith('thing-service migrate: migrations/0001-one.ts has changed')],
      [78, true],
      verb,
    );
  }
  const broken: Migration = { id: '0002-broken', sql: () => 'CREATE TABLE b (x); DROP TABLE none;' };
  const failed = await command('up', 'wrong.db', [one, broken]);
  assert.equal(failed.code, 78);
  assert.match(failed.err, /0002-broken\.ts failed \(no such table: none\)\. Nothing was changed/);
  const holder = new DatabaseSync(join(folder, 'wrong.db'));
  holder.exec('BEGIN IMMEDIATE');
  const locked = await command('up', 'wrong.db', [one, two], { DATABASE_MIGRATE_WAIT_MS: '0' });
  holder.close();
  assert.equal(locked.code, 69);
  assert.match(locked.err, /cannot be used now: another process has been migrating.*Try again/);
});

test('a wrong setting and a wrong command line are refused', async () => {
  assert.equal((await command('up', 'bad.db', [one], { SERVER_PORT: 'x' })).code, 78);
  const { code, out, err } = await command('sttaus', 'bad.db');
  assert.deepEqual([code, out], [64, '']);
  assert.match(err, /Did you mean status\? Run "thing-service migrate --help"\.\n$/);
  assert.match(
    (await command('--help', 'bad.db')).out,
    /^Usage: thing-service migrate status\|up\|down[^]*--database-url/,
  );
});
