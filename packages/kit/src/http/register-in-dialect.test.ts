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

test('a plugin without a scope of its own adds to the app', async () => {
  const plugin = Object.assign(
    (scope: HttpApp, _options: unknown, done: Done) => {
      scope.decorate('greeting', 'hello');
      done();
    },
    { [Symbol.for('skip-override')]: true },
  );
  await using app = await serveApp((app) => {
    void app.register(plugin);
    app.get('/greeting', () => Reflect.get(app, 'greeting'));
  });
  assert.equal((await app.ask('GET', '/greeting')).text, 'hello');
});
