// A real gateway sends no new request to an instance that drains, and lets the one that runs there end.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, type TestContext, test } from 'node:test';
import { type LocalCluster, localCluster } from '@flotilla/conformance';
import { eventually } from './support/eventually.ts';

let cluster: LocalCluster;
before(async () => {
  cluster = await localCluster({ instances: { 'user-service': 0, 'order-service': 0 } });
});
after(() => cluster[Symbol.asyncDispose]());

interface Instance {
  readonly id: string;
  /** The requests that it has got, probes apart. */
  readonly seen: string[];
  /** The request that it keeps until the test answers. */
  held: ServerResponse | undefined;
}

async function instance(t: TestContext, id: string): Promise<Instance> {
  const state: Instance = { id, seen: [], held: undefined };
  const server = createServer((request, response) => {
    const { url = '' } = request;
    if (url === '/users/7') state.held = response;
    else response.setHeader('content-type', 'application/json').end('{}');
    if (url.startsWith('/users/')) state.seen.push(url);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // It listens on TCP.
  await send('POST', '/register', { name: 'user-service', id, address: '127.0.0.1', port, lease_ms: 60_000 });
  return state;
}

async function send(method: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${cluster.url('service-registry')}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.text());
}

async function asked(path: string): Promise<number> {
  const answer = await fetch(`${cluster.url('gateway')}${path}`);
  await answer.arrayBuffer();
  return answer.status;
}

async function setDraining(id: string, draining: boolean): Promise<void> {
  await send('PUT', `/services/user-service/instances/${id}/draining`, { draining });
}

test('an instance that drains gets no new request, ends the one it has, and stays listed', async (t) => {
  const one = await instance(t, 'one');
  await eventually('the gateway has it', async () => (await asked('/users/1')) === 200);
  const running = asked('/users/7');
  await eventually('the request has come', () => one.held !== undefined);
  const two = await instance(t, 'two');
  await eventually('both get requests', async () => (await asked('/users/1')) === 200 && two.seen.length > 0);

  await setDraining('one', true);
  const before = two.seen.length;
  // The gateway hears of it at once, but not in the same moment.
  await eventually('all go to the other one', async () => {
    one.seen.length = 0;
    for (let count = 0; count < 10; count += 1) assert.equal(await asked('/users/2'), 200);
    return one.seen.length === 0;
  });
  assert.ok(two.seen.length >= before + 10);
  const list = await fetch(`${cluster.url('service-registry')}/services/user-service/instances`);
  assert.deepEqual(
    // What the registry answers, as its contract says.
    ((await list.json()) as { id: string; ready: boolean; serving: boolean }[]).map(({ id, ready, serving }) => [
      id,
      ready,
      serving,
    ]),
    [
      ['one', false, true],
      ['two', true, true],
    ],
  );
  one.held?.setHeader('content-type', 'application/json').end('{"id":7}');
  assert.equal(await running, 200);

  await setDraining('one', false);
  await eventually('it gets requests again', async () => (await asked('/users/3')) === 200 && one.seen.length > 0);
});
