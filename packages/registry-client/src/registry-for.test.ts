import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { recordingLogger, waitUntil } from '@flotilla/testing';
import { discoveryFor, registrarFor, registryUrls } from './registry-for.ts';
import { registryKinds } from './registry-kinds.ts';

test('each kind has a valid example, which begins with its prefix and belongs to no other kind', () => {
  for (const kind of registryKinds) {
    assert.equal(kind.problemOf(kind.example), undefined, kind.example);
    const owners = registryKinds.filter(({ prefixes }) => prefixes.some((prefix) => kind.example.startsWith(prefix)));
    assert.deepEqual(owners, [kind]);
    for (const prefix of kind.prefixes) assert.match(prefix, /^[a-z][a-z0-9+.-]*:/);
  }
});

test('a URL of an unknown kind is refused with a list of the kinds', () => {
  const options = { logger: recordingLogger() };
  for (const url of ['', '127.0.0.1:8500', 'ftp://a', 'statics:a=b:1', 'http:/a']) {
    assert.match(
      registryUrls.problemOf(url) ?? '',
      /^does not begin with http:\/\/, https:\/\/, .*static:.* or \w+:/,
      url,
    );
    for (const make of [discoveryFor, registrarFor])
      assert.throws(() => make(url, options), /^TypeError: The registry URL does not begin with .*: use a URL that/);
  }
});

test('a mistake in a URL is described by its kind', () => {
  assert.match(registryUrls.problemOf('http://a,b') ?? '', /^does not begin with http/);
  assert.match(registryUrls.problemOf('static:ships') ?? '', /^is not service=address:port/);
  for (const url of ['file:', 'file://elsewhere/fleet.json', 'file:///a%00b'])
    assert.equal(registryUrls.problemOf(url), 'does not name a file', url);
  for (const url of [
    'HTTP://a',
    'Flotilla+http://a:1, flotilla+https://b, http://c',
    ' http://a, http://b',
    'FILE:fleet.json',
    'file:///etc/fleet.json',
  ])
    assert.equal(registryUrls.problemOf(url), undefined, url);
});

test('a login in a URL is refused without being repeated: it would be sent to nobody, or end in a log', () => {
  const secret = 'u:hunter2@a:8500';
  for (const url of [`http://${secret}`, `flotilla+http://${secret}`, `consul+https://${secret}`]) {
    const problem = registryUrls.problemOf(url) ?? '';
    assert.match(problem, /^contains a login: remove it, and set REGISTRY_TOKEN instead$/, url);
    assert.doesNotMatch(problem, /hunter2/);
  }
});

test('only kinds that use the network have hosts', () => {
  assert.deepEqual(registryUrls.hostsOf('http://a:1,https://b'), [
    { host: 'a', port: 1 },
    { host: 'b', port: 443 },
  ]);
  assert.deepEqual(registryUrls.hostsOf('flotilla+http://a:1, consul+http://b'), []);
  assert.deepEqual(registryUrls.hostsOf('flotilla+http://a:1,flotilla+https://b'), [
    { host: 'a', port: 1 },
    { host: 'b', port: 443 },
  ]);
  for (const url of ['static:ships=10.0.0.1:80', 'file:fleet.json', 'nonsense'])
    assert.deepEqual(registryUrls.hostsOf(url), [], url);
});

test('settings that name the registry name its token too', async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const config = { REGISTRY_URL: `flotilla+http://127.0.0.1:${address.port}`, REGISTRY_TOKEN: 'hunter2' };
  const logger = recordingLogger();
  const discovery = discoveryFor(config, { logger });
  discovery.snapshot('ships');
  const active = registrarFor(config, { logger }).register({ name: 'ships', address: '127.0.0.1', port: 9001 });
  await waitUntil('both have asked', () => seen.length >= 2);
  assert.deepEqual([...new Set(seen)], ['Bearer hunter2']);
  active.handOver();
  await discovery.close();
  server.closeAllConnections();
  server.close();
  assert.doesNotMatch(JSON.stringify(logger.lines), /hunter2/);
});
