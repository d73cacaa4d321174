import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  describeIdempotencyKeys,
  findMariadb,
  findPostgres,
  sharedServer,
  startMariadb,
  startPostgres,
} from '@flotilla/conformance/databases';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-keys-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
describeIdempotencyKeys('SQLite', async () => {
  files += 1;
  return `sqlite:${join(folder, `${files}.db`)}`;
});

for (const { name, engine, start } of [
  { name: 'PostgreSQL', engine: await findPostgres(), start: startPostgres },
  { name: 'MariaDB', engine: findMariadb(), start: startMariadb },
]) {
  if (engine.kind === 'missing') test(name, { skip: engine.reason });
  else {
    const server = sharedServer(engine, start);
    describeIdempotencyKeys(name, () => server().createDatabase());
  }
}
