import { test } from 'node:test';
import {
  describeEvents,
  describeMigrations,
  describeServer,
  describeValues,
  describeWriters,
  findPostgres,
  sharedServer,
  startPostgres,
} from '@flotilla/conformance/databases';

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
}
