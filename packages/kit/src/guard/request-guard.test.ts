import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createRequestGuard, networkNames, type RequestGuardOptions } from './index.ts';

type Fields = Readonly<Record<string, string>>;

function guard(options: Partial<RequestGuardOptions<Fields>> = {}) {
  const made = createRequestGuard<Fields>({
    serverHost: '127.0.0.1',
    allowedHosts: [],
    allowedOrigins: [],
    field: (fields, name) => fields[name],
    ...options,
  });
  return (method: string, fields: Fields): number | undefined =>
    made.refusal(method, fields['upgrade'] !== undefined, fields['host'] ?? '', fields)?.status;
}

function names(hosts: readonly string[], options: Partial<RequestGuardOptions<Fields>>): readonly string[] {
  const refuses = guard(options);
  return hosts.filter((host) => refuses('GET', { host }) === undefined);
}

describe('the host of a request', () => {
  const addresses = ['127.0.0.1:8500', '[::1]:8500', '10.244.0.5:8001', '[fd00::5]', '192.0.2.1', ''];
  const loopback = [
    'localhost',
    'LOCALHOST:8500',
    'localhost.:8500',
    'app.localhost:8500',
    'host.docker.internal:8500',
  ];
  const container = [
    'user-service:8001',
    'user_service',
    'users.shop.svc.cluster.local:8001',
    'a.shop.svc',
    'x.internal.',
  ];
  const foreign = [
    'evil.example',
    'evil.example:8500',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example.',
    'xlocalhost.com',
    '0x7f.1',
    '[::1',
    '[::1%25eth0]',
    'a b',
    'user@localhost',
    'localhost:x',
    'xn--e1afmkfd.example',
  ];

  it('is accepted on loopback if it is an address or localhost', () => {
    assert.deepEqual(names([...addresses, ...loopback], {}), [...addresses, ...loopback]);
    assert.deepEqual(names([...container, ...foreign], {}), []);
  });

  it('is accepted by a program that others can reach if nobody outside can register the name', () => {
    const good = [...addresses, ...loopback, ...container];
    assert.deepEqual(names([...good, ...foreign], { serverHost: '0.0.0.0' }), good);
  });

  it('is accepted if it is allowed, or if the program listens there', () => {
    const allowedHosts = ['api.example.com', '.shop.example', '*.dev.example'];
    const good = ['api.example.com:80', 'API.example.com.', 'a.shop.example', 'a.b.dev.example'];
    assert.deepEqual(names([...good, 'x.api.example.com', 'shop.example', 'evilshop.example'], { allowedHosts }), good);
    assert.deepEqual(names(foreign, { allowedHosts: ['*'] }), foreign);
    assert.deepEqual(names(['box.example', 'x.box.example'], { serverHost: 'box.example' }), ['box.example']);
  });

  it('may be that of a proxy, which no page can pretend to be', () => {
    assert.equal(guard()('GET', { host: 'api.example.com' }), 421);
    assert.equal(guard()('GET', { host: 'api.example.com', via: '1.1 flotilla' }), undefined);
    const refuses = guard();
    assert.equal(refuses('GET', { host: 'api.example.com', via: '1.1 flotilla' }), undefined);
    assert.equal(refuses('GET', { host: 'api.example.com' }), 421, 'one good request has let in the next');
  });
});

describe('the origin of a request that changes something', () => {
  const host = 'api.example.com';
  const options = { serverHost: '0.0.0.0', allowedHosts: [host] };

  it('may be that of the program itself, however it is given', () => {
    const refuses = guard(options);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PURGE']) {
      assert.equal(refuses(method, { host }), undefined, 'no browser');
      assert.equal(refuses(method, { host, origin: 'https://api.example.com' }), undefined);
      assert.equal(refuses(method, { host: `${host}:80`, origin: 'http://API.example.com' }), undefined);
      assert.equal(refuses(method, { host, origin: 'null', 'sec-fetch-site': 'same-origin' }), undefined);
      assert.equal(
        refuses(method, { host: '10.0.0.1', origin: `https://${host}`, 'x-forwarded-host': host }),
        undefined,
      );
    }
  });

  it('is refused if it is foreign or hidden', () => {
    const refuses = guard(options);
    for (const origin of [
      'https://evil.example',
      'null',
      'http://api.example.com:81',
      'https://api.example.com.evil.example',
      '',
      'x',
    ])
      for (const method of ['POST', 'PUT', 'DELETE']) assert.equal(refuses(method, { host, origin }), 403, origin);
    assert.equal(refuses('POST', { host, 'sec-fetch-site': 'cross-site' }), 403);
    assert.equal(refuses('POST', { host, origin: 'https://x.api.example.com', 'sec-fetch-site': 'same-site' }), 403);
    assert.equal(refuses('POST', { host: '127.0.0.1:80', origin: 'http://localhost.evil.example' }), 403);
  });

  it('does not matter for reads, but does for a WebSocket', () => {
    const refuses = guard(options);
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      assert.equal(refuses(method, { host, origin: 'https://evil.example' }), undefined);
    assert.equal(refuses('GET', { host, origin: 'https://evil.example', upgrade: 'websocket' }), 403);
    assert.equal(refuses('GET', { host, origin: `https://${host}`, upgrade: 'websocket' }), undefined);
    assert.equal(refuses('GET', { host, upgrade: 'h2c' }), undefined);
  });

  it('may be another port of this machine, such as that of a development server', () => {
    const refuses = guard();
    for (const origin of [
      'http://localhost:5173',
      'http://127.0.0.1:3000',
      'http://[::1]:3000',
      'https://app.localhost',
    ])
      assert.equal(refuses('POST', { host: '127.0.0.1:8080', origin }), undefined, origin);
    assert.equal(guard(options)('POST', { host, origin: 'http://localhost:5173' }), 403);
  });

  it('is accepted if it is allowed, or if origins are not checked', () => {
    const fields = { host, origin: 'https://app.example.com' };
    assert.equal(guard({ ...options, allowedOrigins: ['https://APP.example.com'] })('POST', fields), undefined);
    assert.equal(guard({ ...options, allowedOrigins: ['http://app.example.com'] })('POST', fields), 403);
    assert.equal(guard({ ...options, allowedOrigins: ['*'] })('POST', fields), undefined);
    assert.equal(guard({ ...options, checkOrigins: false })('POST', fields), undefined);
  });
});

describe('the names in the network', () => {
  it('are those of the machine and, in a pod, of its namespace', () => {
    assert.deepEqual(networkNames('/nowhere'), [hostname().toLowerCase(), `${hostname().toLowerCase()}.local`]);
    const folder = mkdtempSync(join(tmpdir(), 'kit-guard-'));
    try {
      writeFileSync(join(folder, 'namespace'), 'shop\n');
      const allowedHosts = networkNames(join(folder, 'namespace'));
      assert.deepEqual(names(['user-service.shop:8001', 'evil.example'], { serverHost: '0.0.0.0', allowedHosts }), [
        'user-service.shop:8001',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
