import assert from 'node:assert/strict';
import { test } from 'node:test';
import { programs } from '@flotilla/fleet/plan';
import { type ReadyProcess, readyBanner, requestsToTry } from './ready-banner.ts';

function ready(...names: string[]): ReadyProcess[] {
  return names.map((name, index) => {
    const program = programs.find((each) => each.name === name) ?? assert.fail(name);
    return { program, url: `http://0.0.0.0:${8000 + index}` };
  });
}

test('with the whole fleet, or all but the registry, all three requests go through the gateway', () => {
  const services = ['user-service', 'order-service'];
  const requests = requestsToTry(ready('gateway', 'service-registry', ...services));
  assert.deepEqual(requestsToTry(ready('gateway', ...services)), requests);
  assert.deepEqual(requests, [
    'http://127.0.0.1:8000/api/user/?id=1',
    'http://127.0.0.1:8000/api/user-with-orders?user_id=1',
    'http://127.0.0.1:8000/users/1/orders',
  ]);
});

test('with a part of the fleet, only what can work is shown, for every program in turn', () => {
  assert.deepEqual(requestsToTry(ready('service-registry', 'user-service')), [
    'http://127.0.0.1:8000/services',
    'http://127.0.0.1:8001/user?id=1',
    'http://127.0.0.1:8000/health',
  ]);
  assert.deepEqual(
    requestsToTry(ready('gateway')).map((url) => new URL(url).pathname),
    ['/health', '/ready', '/livez'],
  );
});

test('instances of one program share a line', () => {
  const banner = readyBanner(ready('user-service', 'user-service'), ['http://x/'], 1_234);
  assert.match(banner, /Ready after 1\.2 s\./);
  assert.match(banner, /user-service {2}http:\/\/127\.0\.0\.1:8000 {2}http:\/\/127\.0\.0\.1:8001\n/);
  assert.match(banner, /curl 'http:\/\/x\/'/);
});
