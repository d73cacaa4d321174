import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMariadb, findPostgres, startMariadb, startPostgres } from './index.ts';

const servers = [
  { name: 'PostgreSQL', engine: await findPostgres(), start: startPostgres },
  { name: 'MariaDB', engine: findMariadb(), start: startMariadb },
];

for (const { name, engine, start } of servers) {
  const skip = engine.kind === 'missing' && engine.reason;
  test(`${name} keeps its data when it is killed, and its port`, { skip }, async () => {
    if (engine.kind === 'missing') return;
    await using server = await start(engine.path);
    const url = await server.createDatabase('kept');
    assert.equal(url, server.url('kept'));
    await server.sql('CREATE TABLE things (id int); INSERT INTO things VALUES (7)', 'kept');
    await server.kill();
    await assert.rejects(server.sql('SELECT 1'));
    await server.start();
    assert.equal(await server.sql('SELECT id FROM things', 'kept'), '7');
    await server.freeze();
    const late = server.sql('SELECT 2', 'kept');
    await server.thaw();
    assert.equal(await late, '2');
  });
}
