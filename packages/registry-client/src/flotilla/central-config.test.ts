import assert from 'node:assert/strict';
import { describeCentralConfig, RealRegistry } from '@flotilla/conformance';
import { recordingLogger } from '@flotilla/testing';
import { centralConfigFor } from '../registry-for.ts';

describeCentralConfig('central config at a Flotilla registry', async () => {
  const registry = new RealRegistry();
  await registry.start();
  const send = async (method: string, key: string, body?: string): Promise<Response> =>
    fetch(`${registry.url}/kv/${key}`, { method, ...(body === undefined ? {} : { body }) });
  return {
    central: () => centralConfigFor(registry.url, { logger: recordingLogger() }) ?? assert.fail('it has none'),
    put: async (key, text) => assert.equal((await send('PUT', key, text)).status, 200),
    delete: async (key) => assert.equal((await send('DELETE', key)).status, 204),
    async get(key) {
      const answer = await send('GET', `${key}?raw`);
      return answer.status === 404 ? undefined : answer.text();
    },
    stop: () => registry.stop(),
    start: () => registry.start(),
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
});
