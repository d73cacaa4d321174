import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describeEvents,
  describeMigrations,
  describeServer,
  describeTelemetry,
  describeValues,
  describeWriters,
  findPostgres,
  sharedServer,
  startPostgres,
} from '@flotilla/conformance/databases';
import type { Migration } from '../migration.ts';
import { openMigrations } from '../open-migrations.ts';

const engine = await findPostgres();

if (engine.kind === 'missing') test('PostgreSQL', { skip: engine.reason });
else {
  // The zone and the language of the server make no difference.
  const args = ['-c', 'timezone=Asia/Kolkata', '-c', 'default_transaction_isolation=serializable'];
  const server = sharedServer(engine, startPostgres, { args });
  const fresh = (): Promise<string> => server().createDatabase();
  describeValues('PostgreSQL', fresh);
  describeWriters('PostgreSQL', fresh);
  const others = (database: string): string =>
    `FROM pg_stat_activity WHERE datname = '${database}' AND backend_type = 'client backend'`;
  describeServer('PostgreSQL', server, {
    sleep: (seconds) => `SELECT pg_sleep(${seconds})`,
    connections: (database) => `SELECT count(*) ${others(database)}`,
    disconnect: (to, database) => to.sql(`SELECT pg_terminate_backend(pid) ${others(database)}`),
  });
  describeMigrations('PostgreSQL', fresh, {
    whole: true,
    slow: 'SELECT pg_sleep(0.2);',
    slower: 'SELECT pg_sleep(1.5);',
  });
  describeEvents('PostgreSQL', fresh);
  describeTelemetry('PostgreSQL', fresh, 'postgresql');

  test('PostgreSQL runs the statements of a migration that no transaction may have, while others wait to migrate', async () => {
    const url = await fresh();
    const migrations: readonly Migration[] = [
      { id: '0001-one', sql: () => 'CREATE TABLE one (x INT);' },
      {
        id: '0002-index',
        sql: () => 'CREATE INDEX CONCURRENTLY one_by_x ON one (x); CREATE INDEX CONCURRENTLY one_by_xx ON one (x);',
        down: () => 'DROP INDEX CONCURRENTLY one_by_x; DROP INDEX CONCURRENTLY one_by_xx;',
        withoutTransaction: true,
      },
      { id: '0003-two', sql: () => 'CREATE TABLE two (x INT);', down: () => 'DROP TABLE two;' },
    ];
    const all = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const opened = await openMigrations({ url, migrations, look: false });
        const { ran } = await opened.run('up', { kind: 'all' });
        await opened.close();
        return ran;
      }),
    );
    assert.deepEqual(
      all.flat().toSorted((first, second) => first.localeCompare(second)),
      migrations.map(({ id }) => id),
    );
    const opened = await openMigrations({ url, migrations, look: false });
    assert.deepEqual((await opened.run('down', { kind: 'to', id: '0001-one' })).ran, ['0003-two', '0002-index']);
    await opened.close();
  });
}
