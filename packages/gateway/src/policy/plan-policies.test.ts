import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkGatewayConfig } from '../routes/check-gateway-config.ts';
import { compileRoutes } from '../routes/compile-routes.ts';

function problemsOf(policies: unknown, place: 'route' | 'gateway' = 'route'): string {
  const route = { kind: 'proxy', match: '/x', service: 's' };
  const checked = checkGatewayConfig(
    place === 'route' ? { routes: [{ ...route, policies }] } : { routes: [route], policies },
  );
  return checked.ok ? '' : checked.problems.join('\n');
}

const ask = { kind: 'ask', service: 'auth', target: '/check?realm=shop' };
const fields = { kind: 'fields', request: { remove: ['Cookie'], set: { 'X-Tenant': 'blue' } }, answer: {} };

test('valid policies are accepted, for a route and for all', () => {
  assert.equal(problemsOf([fields, ask]), '');
  assert.equal(
    problemsOf([fields, { ...ask, errors: { 401: 'UNAUTHENTICATED', 302: 'UNAUTHENTICATED' } }], 'gateway'),
    '',
  );
  assert.equal(problemsOf([{ ...ask, toClient: ['Set-Cookie', 'Content-Security-Policy'] }]), '');
  assert.equal(problemsOf([]), '');
});

for (const [what, policies, expected] of [
  ['no list', fields, /policies: must be a list/],
  ['another kind', [{ kind: 'auth' }], /policies\[0\]\.kind: must be 'fields' or 'ask'/],
  ['no object', ['ask'], /policies\[0\]: must be a policy, such as/],
  ['a misspelt option', [{ ...ask, timeout: 5 }], /unknown option "timeout"/],
  ['nothing to change', [{ kind: 'fields' }], /policies\[0\]\.request or answer must say what to change/],
  ['a name for a list', [{ ...fields, request: { remove: 'Cookie' } }], /must be a list of names, such as/],
  [
    'names without values',
    [{ ...fields, request: { set: ['X-A'] } }],
    /must be an object of names and values, such as/,
  ],
  ['a value that is not a text', [{ ...fields, request: { set: { 'X-A': 1 } } }], /request\.set\.X-A/],
  [
    'framing',
    [{ ...fields, request: { set: { 'content-length': '0' } } }],
    /routes\[0\] \(\/x\): policies\[0\]\.request\.set: "content-length" frames the message/,
  ],
  [
    'the gateway’s own',
    [{ ...fields, answer: { remove: ['X-Request-Id'] } }],
    /answer\.remove: "X-Request-Id" belongs/,
  ],
  ['a bad value', [{ ...fields, answer: { add: { 'X-A': 'a\nb' } } }], /answer\.add: "X-A" contains a character/],
  ['one field twice', [{ ...fields, request: { remove: ['x-a'], set: { 'X-A': '1' } } }], /changes "x-a" twice/],
  [
    'a target that is not a path',
    [{ ...ask, target: 'http://auth/check' }],
    /target: must begin with "\/", a path without a host/,
  ],
  ['a target with two readings', [{ ...ask, target: '/a/../b' }], /policies\[0\]\.target is not in its normal form/],
  ['fields about the body', [{ ...ask, send: ['Content-Type'] }], /send: "content-type" describes the request's body/],
  ['fields about a stored answer', [{ ...ask, send: ['If-None-Match'] }], /send: "if-none-match" describes/],
  ['a type for the client', [{ ...ask, toClient: ['content-type'] }], /toClient: "content-type" describes the body/],
  ['a type for the service', [{ ...ask, toService: ['Content-Type'] }], /toService: "Content-Type" describes the body/],
  [
    'a hop by hop field',
    [{ ...ask, toClient: ['Connection'] }],
    /toClient: "Connection" belongs to a single connection/,
  ],
  ['an alias', [{ ...ask, toService: ['X_User'] }], /toService: .*write "X-User"/],
  [
    'a code of another class',
    [{ ...ask, errors: { 403: 'INTERNAL' } }],
    /errors\.403: INTERNAL has status 500: use an error/,
  ],
  ['a success that is an error', [{ ...ask, errors: { 204: 'FORBIDDEN' } }], /errors/],
] as const) {
  test(`${what}: refused, and the message shows the right form`, () => assert.match(problemsOf(policies), expected));
}

test('a policy with a single, bad change gets one message', () => {
  const problems = problemsOf([{ ...fields, request: { set: { Via: 'x' } } }]);
  assert.match(problems, /"Via" belongs to the gateway/);
  assert.doesNotMatch(problems, /must say what to change/);
});

test('a service that policies ask cannot be balanced by a parameter: their questions have none', () => {
  const balance = { kind: 'consistent-hash', key: { from: 'parameter', name: 'id' } } as const;
  const route = { kind: 'proxy', match: '/x/{id}', service: 's' } as const;
  const services = { auth: { balance } };
  const policies = [{ kind: 'ask', service: 'auth', target: '/' }] as const;
  for (const config of [
    { services, policies, routes: [route] },
    { services, routes: [{ ...route, policies }] },
  ]) {
    assert.match(
      compileRoutes(config).problems.join(),
      /services\.auth\.balance\.key uses \{id\}, which is not available here/,
    );
  }
});

test('the gateway includes the services that policies ask, and its own policies come first', () => {
  const { services, table, policies } = compileRoutes({
    policies: [{ kind: 'ask', service: 'first', target: '/' }],
    routes: [
      { kind: 'proxy', match: '/x', service: 's', policies: [{ kind: 'ask', service: 'second', target: '/' }] },
      { kind: 'proxy', match: '/y', service: 's' },
    ],
  });
  assert.deepEqual([...services].sort(), ['first', 's', 'second']);
  const chainOf = (path: string): unknown => {
    const match = table.match(path, 'GET');
    return match.kind === 'found' && match.entry.value.policies.flatMap((one) => one.services);
  };
  assert.deepEqual([chainOf('/x'), chainOf('/y')], [['first', 'second'], ['first']]);
  assert.equal(policies.length, 1);
});
