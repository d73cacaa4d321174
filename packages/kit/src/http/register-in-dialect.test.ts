import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveApp } from '@flotilla/testing/http';
import type { HttpApp } from './http-app-type.ts';

type Done = () => void;

test('the routes of a plugin are like those of the app: ids, checks, and errors that tell nothing', async () => {
  await using app = await serveApp((app) => {
    void app.register(
      (scope: HttpApp, _options: unknown, done: Done) => {
        scope.get('/fails', () => {
          throw new Error('secret');
        });
        void scope.register((inner: HttpApp, _none: unknown, ready: Done) => {
          inner.post('/echo', (request) => ({ got: request.body }));
          ready();
        });
        done();
      },
      { prefix: '/plugin' },
    );
  });
  const failed = await app.ask('GET', '/plugin/fails');
  assert.deepEqual([failed.status, failed.body?.['code']], [500, 'INTERNAL']);
  assert.doesNotMatch(failed.text, /secret/);
  assert.ok(failed.headers.get('x-request-id'));
  assert.deepEqual((await app.ask('POST', '/plugin/echo', { a: 1 })).body, { got: { a: 1 } });
  assert.equal((await app.ask('POST', '/plugin/echo', '{')).body?.['code'], 'INVALID_JSON');
  assert.equal((await app.ask('DELETE', '/plugin/echo')).headers.get('allow'), 'POST, OPTIONS');
});

test('a plugin without a scope of its own adds to the app, and its routes are like those of the app', async () => {
  const plugin = Object.assign(
    (scope: HttpApp, _options: unknown, done: Done) => {
      scope.decorate('greeting', 'hello');
      scope.addHook('onSend', async (_request, reply) => void reply.header('x-plugin', 'seen'));
      scope.get('/fails', () => {
        throw new Error('secret');
      });
      scope.post('/echo', (request) => ({ got: request.body }));
      void scope.register(
        (inner: HttpApp, _none: unknown, ready: Done) => {
          inner.get('/fails', () => {
            throw new Error(`secret of ${String(Reflect.get(inner, 'greeting'))}`);
          });
          ready();
        },
        { prefix: '/inner' },
      );
      done();
    },
    { [Symbol.for('skip-override')]: true },
  );
  await using app = await serveApp((app) => {
    void app.register(plugin);
    app.get('/greeting', () => Reflect.get(app, 'greeting'));
  });
  const greeting = await app.ask('GET', '/greeting');
  assert.deepEqual([greeting.text, greeting.headers.get('x-plugin')], ['hello', 'seen']);
  for (const path of ['/fails', '/inner/fails']) {
    const failed = await app.ask('GET', path);
    assert.deepEqual([failed.status, failed.body?.['code']], [500, 'INTERNAL'], path);
    assert.doesNotMatch(failed.text, /secret/);
    assert.ok(failed.headers.get('x-request-id'));
    assert.equal(failed.headers.get('x-plugin'), 'seen');
  }
  assert.deepEqual((await app.ask('POST', '/echo', { a: 1 })).body, { got: { a: 1 } });
});
