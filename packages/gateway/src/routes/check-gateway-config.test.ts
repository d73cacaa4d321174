import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkGatewayConfig } from './check-gateway-config.ts';

function problemsOf(value: unknown): string {
  const checked = checkGatewayConfig(value);
  return checked.ok ? '' : checked.problems.join('\n');
}

const good = { kind: 'proxy', match: '/users', service: 'user-service' };
const part = { service: 'user-service', target: '/user?id={id}', need: 'required' };
const aggregate = {
  kind: 'aggregate',
  match: '/x',
  parameters: { id: { in: 'query', type: 'id' } },
  parts: { a: part },
};

test('a good configuration is accepted', () => {
  assert.equal(problemsOf({ routes: [good, aggregate], trustedProxies: ['10.0.0.0/8', '::1'] }), '');
});

test('all problems are reported at once, each with its place', () => {
  const problems = problemsOf({
    routes: [
      good,
      good,
      { ...good, match: '/a/{x}/{x}' },
      { ...good, match: '/b', rewrite: '/c/{d}' },
      { ...aggregate, match: '/y/{z}', parts: { a: { ...part, target: '/q?{nope}' }, missing: part } },
      { ...aggregate, match: '/empty/', parts: {} },
    ],
    trustedProxies: ['10.0.0.0/99'],
  });
  for (const expected of [
    /routes\[1\] \(\/users\): "\/users" already covers/,
    /routes\[2\] .*two parameters of one name/,
    /routes\[3\] .*rewrite uses \{d\}/,
    /routes\[4\] .*parameters\.z is missing/,
    /routes\[4\] .*uses \{nope\}/,
    /routes\[4\] .*parts\.missing/,
    /routes\[5\] .*must not end in "\/"/,
    /routes\[5\] .*must name at least one/,
    /trustedProxies: .*10\.0\.0\.0\/99/,
  ]) {
    assert.match(problems, expected);
  }
});

for (const [what, value, expected] of [
  ['nothing', undefined, /the configuration/],
  ['no routes', { routes: [] }, /routes: must have at least one/],
  ['a misspelt option', { routes: [{ ...good, rewirte: '/x' }] }, /rewirte/],
  ['a misspelt kind', { routes: [{ ...good, kind: 'proxi' }] }, /routes\[0\]\.kind/],
  ['a service name that can be none', { routes: [{ ...good, service: 'a b' }] }, /routes\[0\]\.service/],
  ['a negative timeout', { routes: [{ ...good, timeouts: { connectMs: -1 } }] }, /routes\[0\]\.timeouts\.connectMs/],
  ['an unknown code', { routes: [good], services: { s: { unavailable: 'NOPE' } } }, /services\.s\.unavailable/],
  ['an inherited name as a code', { routes: [good], services: { s: { unavailable: 'toString' } } }, /services\.s/],
] as const) {
  test(`${what} is refused`, () => assert.match(problemsOf(value), expected));
}
