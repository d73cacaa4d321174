import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { describeCentralConfig } from '@flotilla/conformance';
import { findConsul, frontOf, startConsul } from '@flotilla/conformance/registries';
import { recordingLogger } from '@flotilla/testing';
import { centralConfigFor } from '../registry-for.ts';

const consul = findConsul();
if (consul.kind === 'missing') test('central config at Consul', { skip: consul.reason }, () => {});
else await describeAt(consul.path);

async function describeAt(path: string): Promise<void> {
  const server = await startConsul({ path });
  after(() => server[Symbol.asyncDispose]());
  const send = async (method: string, path: string, body?: string): Promise<Response> =>
    fetch(`${server.url}/v1/kv/${path}`, { method, ...(body === undefined ? {} : { body }) });
  describeCentralConfig('central config at Consul', async () => {
    await send('DELETE', 'config?recurse');
    const front = await frontOf(server.port);
    const url = `consul+http://127.0.0.1:${front.port}`;
    return {
      central: () => centralConfigFor(url, { logger: recordingLogger() }) ?? assert.fail('it has none'),
      put: async (key, text) => assert.equal(await (await send('PUT', key, text)).json(), true),
      delete: async (key) => assert.equal((await send('DELETE', key)).status, 200),
      async get(key) {
        const answer = await send('GET', `${key}?raw`);
        return answer.status === 404 ? undefined : answer.text();
      },
      stop: () => front.stop(),
      start: () => front.start(),
      [Symbol.asyncDispose]: () => front[Symbol.asyncDispose](),
    };
  });
}
