import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servedRegistry } from '@flotilla/conformance';
import { systemClock } from '@flotilla/contracts';
import { AccessGate } from '../access/access-gate.ts';
import { readTokenList } from '../access/token-list.ts';
import { RequestAccess } from '../admission/request-access.ts';

const [orders, reader] = ['the-token-of-the-orders', 'the-token-of-a-reader'];

/** As Eureka's clients show it: in the password. */
function shown(token: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`any:${token}`).toString('base64')}` };
}

function instance(app: string): object {
  const place = { instanceId: 'o1', hostName: 'o', ipAddr: '10.0.0.1', dataCenterInfo: { name: 'MyOwn' } };
  return { instance: { ...place, app, vipAddress: app, lastDirtyTimestamp: 5 } };
}

test("a token limits what Eureka's clients do, whatever they do it with", async (t) => {
  const list = readTokenList(
    JSON.stringify([
      { name: 'orders', token: orders, register: ['order-'] },
      { name: 'reader', token: reader, discover: true },
    ]),
  );
  const entries = list.ok ? list.entries : assert.fail(list.problems.join());
  const { ask, registry } = await servedRegistry(t, new RequestAccess(new AccessGate({ clock: systemClock, entries })));
  const status = async (method: string, path: string, token?: string, body?: object): Promise<number> =>
    (await ask(method, `/eureka${path}`, body, token === undefined ? {} : shown(token))).status;
  const register = (app: string, token?: string): Promise<number> =>
    status('POST', `/apps/${app}`, token, instance(app));
  const { instance: instanceInfo } = instance('users') as { readonly instance: object };
  const batch = {
    replicationList: [
      { action: 'Register', appName: 'users', id: 'o1', instanceInfo },
      { action: 'Cancel', appName: 'ORDER-WEB', id: 'o1' },
    ],
  };
  for (const token of [undefined, 'a-token-that-nobody-has', reader])
    assert.equal(await register('order-web', token), 403);
  assert.equal(await register('users', orders), 403);
  assert.equal(await register('order-web', orders), 204);
  const one = '/apps/ORDER-WEB/o1';
  for (const token of [undefined, 'a-token-that-nobody-has', reader])
    for (const [method, path] of [
      ['PUT', one],
      ['PUT', `${one}/status?value=DOWN`],
      ['PUT', `${one}/status?value=OUT_OF_SERVICE`],
      ['DELETE', `${one}/status`],
      ['PUT', `${one}/metadata?a=b`],
      ['DELETE', one],
    ] as const)
      assert.equal(await status(method, path, token), 403, `${method} ${path}`);
  const told = await ask('POST', '/eureka/peerreplication/batch', batch, shown(reader));
  assert.deepEqual(JSON.parse(told.text), { responseList: [{ statusCode: 403 }, { statusCode: 403 }] });
  assert.equal(registry.list('order-web').length, 1);
  assert.deepEqual([await status('GET', '/apps'), await status('GET', '/apps', reader)], [403, 200]);
  assert.equal(await status('GET', '/status'), 200);
  for (const [method, path] of [
    ['PUT', one],
    ['PUT', `${one}/status?value=DOWN`],
    ['PUT', `${one}/metadata?a=b`],
    ['DELETE', one],
  ] as const)
    assert.equal(await status(method, path, orders), 200, path);
});

test('what a Eureka server tells its peers is taken over, each step for itself', async (t) => {
  const { ask, registry } = await servedRegistry(t);
  const place = { appName: 'USERS', id: 'o1' };
  const told = async (steps: readonly object[]): Promise<readonly number[]> => {
    const { text } = await ask('POST', '/eureka/peerreplication/batch/', { replicationList: steps });
    const { responseList } = JSON.parse(text) as { responseList: readonly { statusCode: number }[] }; // Compared below.
    return responseList.map(({ statusCode }) => statusCode);
  };
  const { instance: instanceInfo } = instance('users') as { readonly instance: object };
  assert.deepEqual(
    await told([
      { ...place, action: 'Heartbeat', lastDirtyTimestamp: 5 },
      { ...place, action: 'Register', instanceInfo },
      { ...place, action: 'Heartbeat', lastDirtyTimestamp: 5 },
      { ...place, action: 'Heartbeat', lastDirtyTimestamp: 6 },
      { ...place, action: 'StatusUpdate', status: 'OUT_OF_SERVICE' },
      { ...place, action: 'Unheard' },
      { ...place, id: 'none', action: 'Cancel' },
      { ...place, action: 'Register', instanceInfo: {} },
    ]),
    [404, 200, 200, 404, 200, 200, 404, 400],
  );
  assert.equal(registry.list('users')[0]?.status, 'maintenance');
  assert.deepEqual(
    await told([
      { ...place, action: 'DeleteStatusOverride' },
      { ...place, action: 'Cancel' },
    ]),
    [200, 200],
  );
  assert.deepEqual(registry.list('users'), []);
  for (const body of [{}, { replicationList: [{}] }, { replicationList: 5 }])
    assert.equal((await ask('POST', '/eureka/peerreplication/batch/', body)).status, 400);
});
