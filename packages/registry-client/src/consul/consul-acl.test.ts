import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { findConsul, startConsul } from '@flotilla/conformance/registries';
import { recordingLogger, waitUntil } from '@flotilla/testing';
import { discoveryFor, registrarFor } from '../registry-for.ts';

const consul = findConsul();
const token = 'hunter2-of-a-test';
const server = consul.kind === 'found' ? await startConsul({ path: consul.path, token }) : undefined;
if (server !== undefined) after(() => server[Symbol.asyncDispose]());

test('a Consul with ACLs takes the token, and says what is missing without one; nothing logs it', {
  skip: consul.kind === 'missing' ? consul.reason : false,
}, async () => {
  const logger = recordingLogger();
  const settings = { REGISTRY_URL: `consul+http://127.0.0.1:${server?.port}`, REGISTRY_TOKEN: token };
  const registration = { name: 'ships', id: 'a', address: '127.0.0.1', port: 9001 };
  const active = registrarFor(settings, { logger }).register(registration);
  await active.acknowledged;
  const discovery = discoveryFor(settings, { logger });
  await waitUntil('found', () => discovery.snapshot('ships').endpoints.length === 1);
  assert.deepEqual([...logger.messages('warn'), ...logger.messages('error')], []);
  await active.deregister(AbortSignal.timeout(10_000));
  await waitUntil('gone', () => discovery.snapshot('ships').endpoints.length === 0);
  await discovery.close();

  const stranger = recordingLogger();
  const refused = registrarFor(settings.REGISTRY_URL, { logger: stranger }).register(registration);
  await waitUntil('told', () => stranger.messages('error').length === 1);
  refused.handOver();
  const blind = discoveryFor(settings.REGISTRY_URL, { logger: stranger });
  await blind.whenKnown('ships', AbortSignal.timeout(20_000));
  assert.equal(stranger.messages('warn').length, 1);
  await blind.close();
  assert.doesNotMatch(JSON.stringify([logger.lines, stranger.lines]), /hunter2/);
});
