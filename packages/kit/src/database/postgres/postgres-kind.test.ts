import { test } from 'node:test';
import {
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
}
