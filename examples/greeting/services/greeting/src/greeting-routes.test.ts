import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { serveApp } from '@flotilla/testing/http';
import { addGreetingRoutes } from './greeting-routes.ts';

test('a greeting knows what time it is', async () => {
  const clock = new FakeClock(Date.UTC(2026, 0, 1, 8));
  await using app = await serveApp((routes) => addGreetingRoutes(routes, clock));
  assert.deepEqual((await app.ask('GET', '/greeting?name=Ada')).body, { text: 'Good morning, Ada!' });
  clock.advance(10 * 3_600_000);
  assert.deepEqual((await app.ask('GET', '/greeting?name=Ada')).body, { text: 'Good evening, Ada!' });
});

test('nobody in particular is not greeted', async () => {
  await using app = await serveApp((routes) => addGreetingRoutes(routes, new FakeClock()));
  const { status, body, fields } = await app.ask('GET', '/greeting');
  assert.equal(status, 400);
  assert.equal(body?.['code'], 'INVALID_REQUEST');
  assert.deepEqual(fields, ['?name']);
});
