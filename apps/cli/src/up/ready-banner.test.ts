import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetOf } from '@flotilla/conformance';
import { type ReadyProcess, readyBanner, requestsToTry } from './ready-banner.ts';

const { programs } = fleetOf({
  gateway: { examples: ['/api/user/?id=1', '/api/user-with-orders?user_id=1', '/users/1/orders'] },
  programs: {
    'user-service': { run: 'a.ts', examples: ['/user?id=1'] },
    'order-service': { run: 'b.ts', examples: ['/order?id=1'] },
    worker: { command: ['work'] },
    cache: { command: ['cache'], port: 6379 },
  },
});

function ready(...names: string[]): ReadyProcess[] {
  return names.map((name, index) => {
    const program = programs.find((each) => each.name === name) ?? assert.fail(name);
    return { program, url: `http://0.0.0.0:${8000 + index}` };
  });
}

test('with the whole fleet, or all but the registry, all three requests go through the gateway', () => {
  const services = ['user-service', 'order-service', 'cache'];
  const requests = requestsToTry(ready('gateway', 'service-registry', ...services), programs);
  assert.deepEqual(requestsToTry(ready('gateway', ...services), programs), requests);
  assert.deepEqual(requests, [
    'http://127.0.0.1:8000/api/user/?id=1',
    'http://127.0.0.1:8000/api/user-with-orders?user_id=1',
    'http://127.0.0.1:8000/users/1/orders',
  ]);
});

test('with a part of the fleet, only requests that can work are shown, for every program in turn', () => {
  assert.deepEqual(requestsToTry(ready('service-registry', 'user-service'), programs), [
    'http://127.0.0.1:8000/services',
    'http://127.0.0.1:8001/user?id=1',
    'http://127.0.0.1:8000/health',
  ]);
  assert.deepEqual(
    requestsToTry(ready('gateway'), programs).map((url) => new URL(url).pathname),
    ['/health', '/ready', '/livez'],
  );
});

test('instances of one program share a line', () => {
  const banner = readyBanner(ready('user-service', 'user-service'), ['http://x/'], 1_234);
  assert.match(banner, /Ready after 1\.2 s\./);
  assert.match(banner, /user-service {2}http:\/\/127\.0\.0\.1:8000 {2}http:\/\/127\.0\.0\.1:8001\n/);
  assert.match(banner, /curl 'http:\/\/x\/'/);
  assert.doesNotMatch(banner, /Dashboard/);
  assert.match(readyBanner([], [], 1, 'http://127.0.0.1:8090'), /^Dashboard: http:\/\/127\.0\.0\.1:8090$/m);
});

test('a program without HTTP or without a port is shown but not asked', () => {
  const named = (name: string): ReadyProcess['program'] => programs.find((each) => each.name === name) ?? assert.fail();
  const shown = [
    { program: named('worker'), url: '' },
    { program: named('cache'), url: '127.0.0.1:6379' },
  ];
  const requests = requestsToTry(shown, programs);
  assert.deepEqual(requests, []);
  const banner = readyBanner(shown, requests, 1);
  assert.match(banner, /worker {2}\(no port\)\n {2}cache {3}127\.0\.0\.1:6379\n/);
  assert.doesNotMatch(banner, /Try/);
});
