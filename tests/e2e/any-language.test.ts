// A project with a program that knows nothing of us, run by "flotilla up".
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { eventually } from './support/eventually.ts';
import { temporaryFolder } from './support/fleet.ts';
import { descendantsOf, stillRunning } from './support/processes.ts';
import { type Spawned, spawnCommand } from './support/spawned.ts';

const project = temporaryFolder();
const config = path.join(project.folder, 'flotilla.config.ts');

const stock = `
const { createServer } = require('node:http');
let well = true;
createServer((request, response) => {
  if (request.url === '/sick') well = false;
  if (request.url === '/die') process.exit(3);
  if (request.url === '/cure') well = true;
  response.statusCode = request.url === '/health' && !well ? 500 : 200;
  response.end(JSON.stringify({ id: process.env.INSTANCE_ID, registry: process.env.REGISTRY_URL, port: process.env.SERVER_PORT }));
}).listen(process.env.PORT, process.env.SERVER_HOST);
process.on('SIGTERM', () => process.exit(0));
`;

writeFileSync(path.join(project.folder, 'package.json'), '{"type":"module"}');
mkdirSync(path.join(project.folder, 'stock'));
writeFileSync(path.join(project.folder, 'stock', 'main.cjs'), stock);
writeFileSync(
  config,
  `export const fleet = {
  dataFolder: './data',
  programs: {
    stock: {
      command: ['node', 'main.cjs'],
      folder: 'stock',
      port: 8004,
      health: { path: '/health', intervalMs: 50, failures: 2 },
      scale: 2,
      after: ['service-registry'],
    },
    once: { command: ['node', '-e', 'console.log(process.env.GREETING)'], restart: 'never', env: { GREETING: 'hello' } },
  },
};`,
);
after(() => project.remove());

interface Instance {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly revision: number;
}

describe('a program that does not know the platform', () => {
  let fleet: Spawned;
  let registry = '';
  before(async () => {
    fleet = spawnCommand(process.execPath, [
      'apps/cli/src/main.ts',
      'up',
      '--config',
      config,
      '--free-ports',
      '--no-dashboard',
    ]);
    await fleet.says(/Ctrl-C stops everything/);
    registry = /service-registry +(\S+)/.exec(fleet.stdout())?.[1] ?? assert.fail(fleet.stdout());
  });
  after(async () => {
    fleet.child.kill('SIGTERM');
    await fleet.ended;
  });

  const instances = async (): Promise<readonly Instance[]> => {
    const answer = await fetch(`${registry}/services/stock/instances?served=true`);
    // What the registry's own contract says.
    return (await answer.json()) as readonly Instance[];
  };

  test('is registered with all its instances when the fleet is ready, under the ids that they are given', async () => {
    const all = await instances();
    assert.deepEqual(all.map(({ id }) => id).toSorted(), ['stock', 'stock-2']);
    for (const { id, address, port } of all) {
      const answer = await fetch(`http://${address}:${port}/`);
      assert.deepEqual(await answer.json(), { id, registry, port: String(port) });
    }
    assert.match(fleet.stdout(), /once +\| hello/);
    assert.match(fleet.stdout(), /once has finished/);
  });

  test('is removed while its health check fails, and comes back', async () => {
    const [first] = await instances();
    const at = `http://${first?.address}:${first?.port}`;
    await fetch(`${at}/sick`);
    await eventually('one is left', async () => (await instances()).length === 1);
    await fetch(`${at}/cure`);
    await eventually('both are there', async () => (await instances()).length === 2);
  });

  test('is removed when it dies, and registered again after its restart', async () => {
    const [first = assert.fail('none is there')] = await instances();
    await fetch(`http://${first.address}:${first.port}/die`).catch(() => undefined);
    await eventually('it is registered anew', async () => {
      const now = (await instances()).find(({ id }) => id === first.id);
      return now !== undefined && now.revision > first.revision;
    });
    assert.match(fleet.stderr(), new RegExp(`${first.id} crashed \\(exit code 3\\); restarting it`));
  });
});

test('a killed supervisor leaves no program behind, nor one of Node that does not listen to it', {
  skip: process.platform === 'win32',
}, async () => {
  const own = path.join(project.folder, 'own.config.ts');
  const programs = `plain: { run: 'stock/plain.cjs', port: 8005, health: '/health' },`;
  writeFileSync(own, readFileSync(config, 'utf8').replace('programs: {', `programs: { ${programs}`));
  writeFileSync(path.join(project.folder, 'stock', 'plain.cjs'), stock.replace('env.PORT', 'env.SERVER_PORT'));
  const fleet = spawnCommand(process.execPath, [
    'apps/cli/src/main.ts',
    'up',
    '--config',
    own,
    '--free-ports',
    '--no-dashboard',
  ]);
  await fleet.says(/Ctrl-C stops everything/);
  const started = descendantsOf(fleet.pid).map(({ pid }) => pid);
  assert.ok(started.length >= 3);
  fleet.child.kill('SIGKILL');
  await fleet.ended;
  await eventually('nothing runs', () => stillRunning(started).length === 0);
});
