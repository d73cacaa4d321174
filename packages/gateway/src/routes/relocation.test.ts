import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { relocateFields } from '../headers/location-fields.ts';
import { compileRoutes } from './compile-routes.ts';

const config: GatewayConfig = {
  routes: [
    { kind: 'proxy', match: '/api/user/', service: 's', rewrite: '/user' },
    { kind: 'proxy', match: '/shop/', service: 's', rewrite: '/' },
    { kind: 'proxy', match: '/acct/{user}/{id}', service: 's', rewrite: '/internal/{id}/of/{user}' },
    { kind: 'proxy', match: '/t/{t}/', service: 's', rewrite: '/tenants/{t}' },
    { kind: 'proxy', match: '/users/{id}/orders', service: 's', rewrite: '/orders?user_id={id}' },
    { kind: 'proxy', match: '/lost/{id}', service: 's', rewrite: '/found' },
    { kind: 'proxy', match: '/kept/', service: 's', rewrite: '/user', location: 'keep' },
    { kind: 'proxy', match: '/plain/', service: 's' },
    { kind: 'proxy', match: '/users/{id}', service: 's', methods: ['GET'] },
  ],
};

const places = [
  { authority: '10.0.0.5:8001', address: '10.0.0.5', port: 8001 },
  { authority: '[fd00::5]:80', address: 'fd00::5', port: 80 },
  { authority: 'Inner:443', address: 'Inner', port: 443 },
];

/** @param path one that the route under test serves */
function through(path: string, reference: string): string {
  const { table, problems } = compileRoutes(config);
  assert.deepEqual(problems, []);
  const match = table.match(path, 'GET');
  assert.ok(match.kind === 'found' && match.entry.value.kind === 'proxy');
  const { relocation } = match.entry.value.route;
  const fields = ['Server', 'x', 'location', reference];
  relocateFields(fields, relocation, 'shop.example', places);
  return fields[3] ?? '';
}

for (const [path, reference, expected] of [
  // The address of an instance, of this one or a sibling.
  ['/api/user/7', 'http://10.0.0.5:8001/user/8?x=1#y', '/api/user/8?x=1#y'],
  ['/api/user/7', 'HTTP://10.0.0.5:8001/user', '/api/user'],
  ['/api/user/7', '//10.0.0.5:8001/user/', '/api/user/'],
  ['/api/user/7', 'http://[FD00::5]/user/8', '/api/user/8'],
  ['/api/user/7', 'https://inner/user/8', '/api/user/8'],
  ['/api/user/7', 'http://10.0.0.5:8001/login', '/login'],
  ['/api/user/7', 'http://10.0.0.5:8001', '/'],
  ['/api/user/7', 'http://10.0.0.5:8001?x', '/?x'],
  ['/plain/x', 'http://10.0.0.5:8001/plain/y', '/plain/y'],
  ['/users/7/orders', 'http://10.0.0.5:8001/orders?user_id=7', '/orders?user_id=7'],
  ['/lost/7', 'http://10.0.0.5:8001/found', '/found'],
  // What a client would take for somebody else's address.
  ['/plain/x', 'http://10.0.0.5:8001//evil.example', '/.//evil.example'],
  ['/plain/x', 'http://10.0.0.5:8001/\\evil.example', '/./\\evil.example'],
  ['/plain/x', 'http://10.0.0.5:8001/\t/evil.example', '/%09/evil.example'],
  // Somebody else's.
  ['/plain/x', 'http://10.0.0.6:8001/plain', 'http://10.0.0.6:8001/plain'],
  ['/plain/x', 'http://u@10.0.0.5:8001/plain', 'http://u@10.0.0.5:8001/plain'],
  ['/plain/x', 'http://10.0.0.5:8001\\.evil.example/', '/./\\.evil.example/'],
  [
    '/plain/x',
    'https://login.example/?next=http://10.0.0.5:8001/',
    'https://login.example/?next=http://10.0.0.5:8001/',
  ],
  ['/plain/x', 'mailto:a@b.example', 'mailto:a@b.example'],
  ['/plain/x', 'http://[fd00::5]:81/', 'http://[fd00::5]:81/'],
  // Paths of the service, and paths that clients have.
  ['/api/user/7', '/user/8', '/api/user/8'],
  ['/api/user/7', '/users/8', '/users/8'],
  ['/api/user/7', '/userx', '/userx'],
  ['/api/user/7', '/api/user/8', '/api/user/8'],
  ['/api/user/7', '/user/../x', '/user/../x'],
  ['/api/user/7', 'next', 'next'],
  ['/api/user/7', '', ''],
  ['/api/user/7', '?page=2', '?page=2'],
  ['/api/user/7', 'http://shop.example/user/8', 'http://shop.example/api/user/8'],
  ['/api/user/7', 'https://SHOP.example/users/8', 'https://SHOP.example/users/8'],
  ['/shop/x', '/login', '/shop/login'],
  ['/shop/x', '/', '/shop/'],
  ['/shop/x', '/users/8', '/users/8'],
  ['/acct/ann/7', '/internal/8/of/bob', '/acct/bob/8'],
  ['/acct/ann/7', '/internal/8/of/bob/x', '/internal/8/of/bob/x'],
  ['/t/a/x', '/tenants/b%20c/y/z?q', '/t/b%20c/y/z?q'],
  ['/kept/x', 'http://10.0.0.5:8001/user/8', 'http://10.0.0.5:8001/user/8'],
] as const) {
  test(`${JSON.stringify(reference)} in an answer to ${path} becomes ${expected}`, () => {
    assert.equal(through(path, reference), expected);
  });
}
