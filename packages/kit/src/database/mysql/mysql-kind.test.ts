import { test } from 'node:test';
import {
  describeEvents,
  describeMigrations,
  describeServer,
  describeTelemetry,
  describeValues,
  describeWriters,
  findMariadb,
  sharedServer,
  startMariadb,
} from '@flotilla/conformance/databases';

const engine = findMariadb();

if (engine.kind === 'missing') test('MariaDB', { skip: engine.reason });
else {
  // The zone, the language and the modes of the server make no difference.
  const args = [
    '--default-time-zone=+05:30',
    '--character-set-server=latin1',
    '--sql-mode=',
    '--transaction-isolation=SERIALIZABLE',
  ];
  const server = sharedServer(engine, startMariadb, { args });
  const fresh = (): Promise<string> => server().createDatabase();
  describeValues('MariaDB', fresh);
  describeWriters('MariaDB', fresh);
  describeServer('MariaDB', server, {
    sleep: (seconds) => `SELECT SLEEP(${seconds})`,
    connections: (database) => `SELECT count(*) FROM information_schema.processlist WHERE db = '${database}'`,
    async disconnect(to, database) {
      const ids = await to.sql(`SELECT id FROM information_schema.processlist WHERE db = '${database}'`);
      for (const id of ids.split('\n')) await to.sql(`KILL CONNECTION ${id}`);
    },
  });
  describeMigrations('MariaDB', fresh, { whole: false, slow: 'DO SLEEP(0.2);', slower: 'DO SLEEP(1.5);' });
  describeEvents('MariaDB', fresh);
  describeTelemetry('MariaDB', fresh, 'mariadb');
}
