import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { AppError } from '@flotilla/contracts';
import { z } from 'zod';
import { createHealth } from '../health/index.ts';
import { createLogger } from '../logger/index.ts';
import { createMetrics } from '../telemetry/index.ts';
import type { Dialect } from './dialect.ts';
import { createHttpApp } from './http-app.ts';
import { createHttpGuard } from './refuse-foreign.ts';

/** As unlike ours as it gets: XML in and out, every query is fine, and the sender's name for a type does not matter. */
const xml: Dialect = {
  bodies: [{ type: 'application/xml', read: (body) => ({ name: /<name>(.*)<\/name>/.exec(body.toString())?.[1] }) }],
  refuse() {},
  answer(error) {
    const allow = error.allow === undefined ? {} : { allow: error.allow.join(', ') };
    const body = `<error>${error.code}</error>`;
    return { status: error.status, headers: { 'content-type': 'application/xml', ...allow }, body };
  },
};

const lines: string[] = [];
const sink = { write: (text: string) => lines.push(text) };
const metrics = createMetrics();
const { app } = await createHttpApp({
  logger: createLogger({ service: 's', instance: 'i', format: 'json', stdout: sink, stderr: sink }),
  health: createHealth(),
  metrics,
  bodyLimitBytes: 100,
  guard: createHttpGuard({ serverHost: '127.0.0.1', allowedHosts: [], allowedOrigins: [] }),
});
let base = '';

before(async () => {
  app.get('/things', { schema: { querystring: z.strictObject({ a: z.string().optional() }) } }, ({ query }) => query);
  // Whoever builds a program may take its time between one route and the next.
  for (let turns = 0; turns < 20; turns += 1) await turn();
  app.post('/things', { schema: { body: z.strictObject({ name: z.string() }) } }, ({ body }) => body);
  app.dialects.add({ prefix: '/xml', dialect: xml }, async (scope) => {
    await turn();
    const querystring = z.object({ a: z.string().optional() });
    scope.get('/things', { schema: { querystring } }, ({ query }, reply) =>
      reply.type('application/xml').send(`<a>${query.a ?? ''}</a>`),
    );
    scope.post('/things', { schema: { body: z.strictObject({ name: z.string() }) } }, ({ body }, reply) =>
      reply.type('application/xml').send(`<name>${body.name}</name>`),
    );
    scope.get('/missing', () => {
      throw new AppError('GONE');
    });
    scope.get('/boom', () => {
      throw new Error('the password is hunter2');
    });
  });
  base = await app.listen({ host: '127.0.0.1', port: 0 });
});
after(() => app.close());

async function ask(path: string, init: RequestInit = {}): Promise<{ shown: string; headers: Headers; body: string }> {
  const response = await fetch(base + path, init);
  const body = await response.text();
  const type = response.headers.get('content-type')?.split(';')[0];
  return { shown: `${response.status} ${type}`, headers: response.headers, body };
}

describe('two dialects in one program', () => {
  it('each accept their own bodies and refuse those of the other', async () => {
    const post = (path: string, type: string, body: string) =>
      ask(path, { method: 'POST', headers: { 'content-type': type }, body });
    assert.equal((await post('/xml/things', 'application/xml', '<name>Ann</name>')).body, '<name>Ann</name>');
    assert.equal((await post('/things', 'application/json', '{"name":"Ann"}')).body, '{"name":"Ann"}');
    const json = await post('/xml/things', 'application/json', '{"name":"Ann"}');
    assert.deepEqual([json.shown, json.body], ['415 application/xml', '<error>UNSUPPORTED_MEDIA_TYPE</error>']);
    const other = await post('/things', 'application/xml', '<name>Ann</name>');
    assert.equal(other.shown, '415 application/problem+json');
    assert.match(other.body, /application\/json/);
  });

  it('are each as strict about queries as they choose', async () => {
    for (const query of ['?a=1&more=2', '?a=1&more=2&more=3', '?a=1&%ff=2', '?a=1&b=%'])
      assert.equal((await ask(`/xml/things${query}`)).body, '<a>1</a>', query);
    for (const query of ['?a=1&more=2', '?a=1&%ff=2'])
      assert.equal((await ask(`/things${query}`)).shown, '400 application/problem+json', query);
  });

  it('report errors in their own format, wherever the errors occur', async () => {
    const tooLong = { method: 'POST', headers: { 'content-type': 'application/xml' }, body: 'x'.repeat(101) };
    const cases = [
      ['/xml/missing', {}, 410, 'GONE'],
      ['/xml/boom', {}, 500, 'INTERNAL'],
      ['/xml/nothing', {}, 404, 'ROUTE_NOT_FOUND'],
      ['/xml', {}, 404, 'ROUTE_NOT_FOUND'],
      ['/xml/things', { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED'],
      ['/xml/things', tooLong, 413, 'PAYLOAD_TOO_LARGE'],
      ['/xml/%ff', {}, 400, 'INVALID_REQUEST'],
      ['/xml/things', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } }, 403, 'FOREIGN_ORIGIN'],
    ] as const;
    for (const [path, init, status, code] of cases) {
      const answer = await ask(path, init);
      assert.deepEqual([answer.shown, answer.body], [`${status} application/xml`, `<error>${code}</error>`], path);
      assert.match(answer.headers.get('x-request-id') ?? '', /./, path);
    }
    assert.equal((await ask('/xml/things', { method: 'DELETE' })).headers.get('allow'), 'GET, HEAD, POST, OPTIONS');
    for (const path of ['/nothing', '/xmlx', '/%ff'])
      assert.match((await ask(path)).shown, /^4\d\d application\/problem\+json$/, path);
  });

  it('share ids, logs, metrics, and the protection against ambiguous messages', async () => {
    const answer = await ask('/xml/things?a=1');
    const id = answer.headers.get('x-request-id') ?? '';
    for (let turns = 0; turns < 1_000 && !lines.some((line) => line.includes(id)); turns += 1) await turn();
    assert.ok(lines.some((line) => line.includes(id) && line.includes('"route":"/xml/things"')));
    assert.match(metrics.render().body, /http_server_request_duration_seconds_count\{[^}]*http_route="\/xml\/things"/);
    assert.equal((await ask('/xml/things', { method: 'OPTIONS' })).headers.get('allow'), 'GET, HEAD, POST, OPTIONS');
    assert.doesNotMatch((await ask('/xml/boom')).body, /hunter2/);
  });
});
