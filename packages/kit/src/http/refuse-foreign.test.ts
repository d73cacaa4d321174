import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import { createHealth } from '../health/index.ts';
import { silentLogger } from '../logger/index.ts';
import { createMetrics } from '../telemetry/index.ts';
import { createHttpApp } from './http-app.ts';
import { createHttpGuard } from './refuse-foreign.ts';

const guard = createHttpGuard({ serverHost: '127.0.0.1', allowedHosts: ['api.example.com'], allowedOrigins: [] });
const { app } = await createHttpApp({
  logger: silentLogger(),
  health: createHealth(),
  metrics: createMetrics(),
  guard,
});
const served: unknown[] = [];
app.post('/things', { schema: { body: z.strictObject({ a: z.number() }) } }, (asked) => served.push(asked.body));
app.post('/run', () => served.push('run'));
let port = 0;

before(async () => {
  await app.ready();
  app.server.listen(0, '127.0.0.1');
  await once(app.server, 'listening');
  // A server on TCP has an address of this kind once it listens.
  port = (app.server.address() as AddressInfo).port;
});
after(() => app.close());

async function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Promise<string> {
  const sent = request({ port, host: '127.0.0.1', method, path, headers, agent: false });
  sent.end(body);
  const [answer] = await once(sent, 'response');
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  const { code } = text.startsWith('{') ? (JSON.parse(text) as { code?: string }) : {};
  return `${answer.statusCode} ${code ?? ''}`.trim();
}

describe('a request that a foreign page can make a browser send', () => {
  const stranger = { origin: 'https://evil.example' };
  const json = { 'content-type': 'application/json' };

  it('is refused by its host, for every path and method', async () => {
    for (const [method, path] of [
      ['GET', '/health'],
      ['GET', '/metrics'],
      ['GET', '/nothing'],
      ['OPTIONS', '/run'],
    ] as const)
      assert.equal(await ask(method, path, { host: 'evil.example' }), '421 FOREIGN_HOST', path);
    assert.equal(
      await ask('POST', '/things', { host: `evil.example:${port}`, ...json }, '{"a":1}'),
      '421 FOREIGN_HOST',
    );
  });

  it('is refused by its origin, with and without a body', async () => {
    assert.equal(await ask('POST', '/things', { ...stranger, ...json }, '{"a":1}'), '403 FOREIGN_ORIGIN');
    assert.equal(await ask('POST', '/run', stranger), '403 FOREIGN_ORIGIN');
    assert.equal(await ask('POST', '/run', { origin: 'null' }), '403 FOREIGN_ORIGIN');
    assert.equal(await ask('POST', '/run', { 'sec-fetch-site': 'cross-site' }), '403 FOREIGN_ORIGIN');
  });

  it('is refused by its content type, from any sender: browsers send forms and plain text without permission', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/json',
      '',
    ])
      for (const path of ['/things', '/run'])
        assert.equal(
          await ask('POST', path, type === '' ? {} : { 'content-type': type }, '{"a":1}'),
          '415 UNSUPPORTED_MEDIA_TYPE',
          type,
        );
  });

  it('has not been served', () => assert.deepEqual(served, []));
});

describe('a caller that is not foreign', () => {
  it('is served at every address and name of the program', async () => {
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, '10.244.0.5', 'api.example.com'])
      assert.equal(await ask('GET', '/health', { host }), '200', host);
    assert.equal(await ask('GET', '/health', { host: 'shop.example', via: '1.1 flotilla' }), '200');
    assert.equal(await ask('POST', '/run', { origin: `http://127.0.0.1:${port}` }), '200');
    assert.equal(await ask('POST', '/run', { host: 'api.example.com', origin: 'https://api.example.com' }), '200');
    assert.equal(await ask('POST', '/things', { 'content-type': 'application/json; charset=utf-8' }, '{"a":1}'), '200');
  });
});
