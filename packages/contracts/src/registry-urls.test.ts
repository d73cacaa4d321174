import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpRegistryUrls } from './registry-urls.ts';

test('accepts one or more http or https URLs, and checks each', () => {
  for (const good of [
    'http://a',
    'HTTPS://a.example:1/x',
    'http://a:1, https://b',
    'http://[::1]:8500',
    'flotilla+http://a, Flotilla+https://b, http://c',
  ])
    assert.equal(httpRegistryUrls.problemOf(good), undefined, good);
  for (const bad of [
    '',
    'a:1',
    'ftp://a',
    'http:/a',
    'http://a,b',
    'http://a,',
    ',http://a',
    'static:a=b:1',
    'flotilla+a',
  ])
    assert.match(httpRegistryUrls.problemOf(bad) ?? '', /^does not begin with http:\/\/ or https:\/\/$/, bad);
  for (const bad of ['http://', 'http://a:70000', 'http://a http://b', 'http://::1:8500', 'http://a,http://b c'])
    assert.match(httpRegistryUrls.problemOf(bad) ?? '', /^is not a URL with a valid host and port$/, bad);
});

test('a login is refused, as it would go nowhere and be logged', () => {
  for (const bad of ['http://u:p@a', 'http://a,flotilla+https://u@b'])
    assert.equal(httpRegistryUrls.problemOf(bad), 'contains a login: remove it, and set REGISTRY_TOKEN instead', bad);
});

test('returns the hosts in order, with the default port of the scheme', () => {
  assert.deepEqual(httpRegistryUrls.hostsOf('http://a:1, flotilla+https://b/registry, http://[fd00::1]'), [
    { host: 'a', port: 1 },
    { host: 'b', port: 443 },
    { host: 'fd00::1', port: 80 },
  ]);
});
