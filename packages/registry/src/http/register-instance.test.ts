import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp } from '@flotilla/kit/http';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { createRegistry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import type { RegistrationRules } from './register-instance.ts';
import { registryRoutes } from './routes.ts';

async function registering(t: TestContext, rules: RegistrationRules = {}) {
  const { app } = await createHttpApp({ logger: silentLogger(), health: createHealth(), metrics: createMetrics() });
  const registry = await createRegistry({ store: openSqliteStore({ file: ':memory:' }), clock: systemClock });
  registryRoutes(app, registry, { clock: systemClock, ...rules });
  t.after(async () => {
    await app.close();
    await registry.close();
  });
  return async (address: string): Promise<string> => {
    const payload = { name: 'web', address, port: 80 };
    const answer = await app.inject({ method: 'POST', url: '/register', payload });
    const problem = answer.json<{ errors?: readonly { code: string }[] }>();
    return `${answer.statusCode} ${problem.errors?.[0]?.code ?? ''}`.trim();
  };
}

const linkLocal = ['169.254.169.254', '169.254.0.1', 'fe80::1', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe'];
const metadata = ['100.100.100.200', 'fd00:ec2::254', 'metadata.google.internal'];

test('addresses where clouds hand out credentials are refused unless they are allowed', async (t) => {
  const register = await registering(t);
  for (const address of [...linkLocal, ...metadata])
    assert.equal(await register(address), '400 LINK_LOCAL_ADDRESS', address);
  const lenient = await registering(t, { allowLinkLocal: true });
  for (const address of [...linkLocal, ...metadata]) assert.equal(await lenient(address), '200', address);
});

test('unspecified, multicast and broadcast addresses are always refused', async (t) => {
  const register = await registering(t, { allowLinkLocal: true });
  for (const address of ['0.0.0.0', '::', '::ffff:0.0.0.0', '0.1.2.3', '224.0.0.1', 'ff02::1', '255.255.255.255'])
    assert.equal(await register(address), '400 NOT_REACHABLE', address);
  for (const address of ['0x7f.1', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376', 'fe80::1%eth0', '127.1'])
    assert.equal(await register(address), '400 NOT_AN_ADDRESS', address);
});

test('names as container networks use them are accepted', async (t) => {
  const register = await registering(t);
  for (const address of ['shop_user-service_1', 'user-service.shop.svc.cluster.local.', 'localhost', 'web'])
    assert.equal(await register(address), '200', address);
});
