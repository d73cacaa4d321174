import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestHead } from '../headers/request-head.ts';
import { createGatewayGuard, type GatewayGuardOptions } from './gateway-guard.ts';

function refusal(options: Partial<GatewayGuardOptions>, method: string, host: string, headers: readonly string[] = []) {
  const guard = createGatewayGuard({
    serverHost: '127.0.0.1',
    allowedHosts: [],
    allowedOrigins: [],
    networkNames: [],
    ...options,
  });
  const unused = {
    scheme: 'http',
    httpVersion: '1.1',
    fieldIds: [],
    connection: [],
    remoteAddress: '127.0.0.1',
  } as const;
  const head: RequestHead = { method, target: '/', host, headers, ...unused };
  return guard?.refusal(method, false, host, head)?.code;
}

const foreign = ['Origin', 'https://evil.example'];

test('a gateway on loopback is guarded like every program there', () => {
  assert.equal(refusal({}, 'GET', 'evil.example'), 'FOREIGN_HOST');
  assert.equal(refusal({}, 'POST', 'localhost:8080', foreign), 'FOREIGN_ORIGIN');
  assert.equal(refusal({}, 'POST', 'localhost:8080', ['origin', 'http://localhost:5173']), undefined);
  assert.equal(refusal({}, 'GET', '127.0.0.1:8080', foreign), undefined);
  assert.equal(
    refusal({ allowedHosts: ['shop.example'] }, 'POST', 'shop.example', ['ORIGIN', 'https://shop.example']),
    undefined,
  );
});

test('a public gateway serves every name, and leaves origins to its services', () => {
  for (const serverHost of ['0.0.0.0', '::', '192.0.2.1', 'gateway.example'])
    assert.equal(refusal({ serverHost }, 'POST', 'shop.example', foreign), undefined);
});

test('a public gateway with a list of names serves only those', () => {
  const options = { serverHost: '0.0.0.0', allowedHosts: ['shop.example'] };
  assert.equal(refusal(options, 'POST', 'shop.example', foreign), undefined);
  assert.equal(refusal(options, 'GET', '10.0.0.1'), undefined);
  assert.equal(refusal(options, 'GET', 'other.example'), 'FOREIGN_HOST');
});
