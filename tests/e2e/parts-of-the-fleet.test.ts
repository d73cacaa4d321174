// A fleet may be larger or smaller than usual, and its programs may start in any order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, send } from './support/ask.ts';
import { eventually } from './support/eventually.ts';
import { startFleet, startUp, temporaryFolder } from './support/fleet.ts';

test('--scale runs several instances on one database, all registered and all used', async () => {
  await using fleet = await startFleet({ args: ['--scale', 'order-service=3', '--scale=user-service=2'] });
  assert.equal(fleet.urls('order-service').length, 3);
  assert.equal(fleet.processesOf('order-service').length, 3);
  const instances = async (service: string): Promise<unknown[]> =>
    (await ask(`${fleet.url('service-registry')}/services/${service}/instances`)).json as unknown[];
  await eventually('all three are registered', async () => (await instances('order-service')).length === 3);
  const created = await send('POST', `${fleet.url('order-service', 2)}/orders`, {
    user_id: 1,
    item: 'shared',
    amount: 1,
  });
  assert.equal(created.status, 201, created.text);
  const { id } = created.json as { id: number };
  for (const url of fleet.urls('order-service')) {
    assert.deepEqual((await ask(`${url}/orders/${id}`)).json, created.json, url);
  }
});

test('--only runs a part of the fleet, and suggests what to try', async () => {
  await using fleet = await startFleet({ args: ['--only', 'user-service,service-registry'] });
  assert.equal(fleet.processesOf('user-service').length, 1);
  assert.equal(fleet.processesOf('gateway').length, 0);
  const lines = [...fleet.process.stdout().matchAll(/^ {2}curl '(.+)'$/gm)].map((match) => match[1] ?? '');
  assert.equal(lines.length, 3);
  for (const url of lines) assert.equal((await ask(url)).status, 200, url);
});

test('the three suggested requests work at once', async () => {
  await using fleet = await startFleet();
  const lines = [...fleet.process.stdout().matchAll(/^ {2}curl '(.+)'$/gm)].map((match) => match[1] ?? '');
  assert.equal(lines.length, 3);
  for (const url of lines) assert.equal((await ask(url)).status, 200, url);
});

test('programs find each other, whatever the order of their starts', async () => {
  for (const order of [
    ['gateway', 'order-service', 'user-service', 'service-registry'],
    ['order-service', 'service-registry', 'gateway', 'user-service'],
  ]) {
    const data = temporaryFolder();
    // The ports are chosen by a first, complete fleet: they are known to be usable.
    const probe = await startFleet();
    const ports = new Map(order.map((program) => [program, new URL(probe.url(program)).port]));
    await probe.stop();
    const registryUrl = `http://127.0.0.1:${ports.get('service-registry')}`;
    const started = [];
    for (const program of order) {
      const port = ports.get(program) ?? assert.fail(program);
      const single = startUp(data.folder, {
        args: ['--only', program, '--verbose'],
        env: { SERVER_PORT: port, REGISTRY_URL: registryUrl },
      });
      started.push(single);
      // The gateway may well wait for the registry before it is ready: only that it listens counts here.
      await single.says(/listening/);
    }
    const url = `http://127.0.0.1:${ports.get('gateway')}/api/user-with-orders?user_id=1`;
    await eventually('the whole answers', async () => (await ask(url).catch(() => undefined))?.status === 200);
    for (const single of started) single.child.kill('SIGTERM');
    await Promise.all(started.map((single) => single.ended));
    data.remove();
  }
});
