import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineErrors, type ErrorKind } from '@flotilla/contracts';
import { checkGatewayConfig } from './check-gateway-config.ts';

function problemsOf(value: unknown): string {
  const checked = checkGatewayConfig(value);
  return checked.ok ? '' : checked.problems.join('\n');
}

/** A 503 that the contract of `owner` defines. */
function awayOf(owner: string): ErrorKind {
  const rows = {
    SHOP_AWAY: {
      status: 503,
      grpc: 'UNAVAILABLE',
      retryable: true,
      message: { en: 'The shop is not available', 'zh-CN': '商店服务不可用' },
      cause: 'Of a test.',
      action: 'Nothing.',
    },
  } as const;
  return defineErrors(owner, rows).SHOP_AWAY;
}

const good = { kind: 'proxy', match: '/users', service: 'user-service' };
const part = { service: 'user-service', target: '/user?id={id}', need: 'required' };
const aggregate = {
  kind: 'aggregate',
  match: '/x',
  parameters: { id: { in: 'query', type: 'id' } },
  parts: { a: part },
};

test('a valid configuration is accepted', () => {
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
    /routes\[2\] .*two parameters with the same name/,
    /routes\[3\] .*rewrite uses \{d\}/,
    /routes\[4\] .*parameters\.z is missing/,
    /routes\[4\] .*uses \{nope\}/,
    /routes\[4\] .*parts\.missing/,
    /routes\[5\] .*must not end in "\/"/,
    /routes\[5\] .*must have at least one part/,
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
  ['a code of no contract', { routes: [good], services: { s: { unavailable: 'SHOP_AWAY' } } }, /contract exports/],
  [
    'a code that two contracts define',
    {
      routes: [good, { ...good, match: '/x', service: 'b' }],
      services: { 'user-service': { unavailable: awayOf('user-service') }, b: { unavailable: awayOf('b') } },
    },
    /the error SHOP_AWAY by user-service and by b is defined twice/,
  ],
  ['an inherited name as a code', { routes: [good], services: { s: { unavailable: 'toString' } } }, /services\.s/],
] as const) {
  test(`${what} is refused`, () => assert.match(problemsOf(value), expected));
}

test('mistakes in well-formed routes are reported together with malformed routes', () => {
  const routes = [
    { kind: 'proxi' },
    good,
    { ...good, match: '/a/*', rewrite: '/b//' },
    { ...good, methods: ['get'] },
    good,
  ];
  const problems = problemsOf({ routes, services: { 'user-service': {} } });
  for (const expected of [
    /routes\[0\]\.kind/,
    /routes\[2\] .*end the match/,
    /routes\[2\] .*rewrite is not in its normal form/,
    /routes\[3\]\.methods/,
    /routes\[4\] .*already covers/,
  ]) {
    assert.match(problems, expected);
  }
  assert.doesNotMatch(problems, /no route uses it/);
});

const proxy = (changes: object): object => ({ routes: [{ ...good, ...changes }] });
const joined = (changes: object, changedPart: object = {}): object => ({
  routes: [{ ...aggregate, parts: { a: { ...part, ...changedPart } }, ...changes }],
});

// Each was once accepted, or refused without a word on what is right.
for (const [what, value, expected] of [
  ['a path the gateway answers itself', proxy({ match: '/health' }), /the gateway answers \/health itself/],
  ['all below such a path', proxy({ match: '/metrics/' }), /answers \/metrics itself/],
  ['an aggregate there', joined({ match: '/ready' }), /answers \/ready itself/],
  ['a star', proxy({ match: '/api/*' }), /end the match in "\/"/],
  ['two stars', proxy({ match: '/api/**' }), /end the match in "\/"/],
  ['a star in a word', proxy({ match: '/api/v*' }), /not a regular expression/],
  ['a rest parameter', proxy({ match: '/files/{path*}' }), /end the match in "\/"/],
  ['a colon', proxy({ match: '/users/:id' }), /write \{id\}/],
  ['angle brackets', proxy({ match: '/users/<int:id>' }), /write \{id\}/],
  ['square brackets', proxy({ match: '/users/[id]' }), /write \{id\}/],
  ['a checked parameter', proxy({ match: '/users/{id:[0-9]+}' }), /write \{id\}/],
  ['a regular expression', proxy({ match: '/users/(a|b)$' }), /not a regular expression/],
  ['an end of line', proxy({ match: '/users$' }), /not a regular expression/],
  ['part of a segment', proxy({ match: '/v{version}' }), /whole segment/],
  ['a query', proxy({ match: '/users?x=1' }), /remove the query/],
  ['a space at the end', proxy({ match: '/users ' }), /white space/],
  ['an encoded path', proxy({ match: '/a%20b' }), /write it decoded/],
  ['a path that every client is refused', proxy({ match: '/a/..;x' }), /segment "\.\.;x"/],
  ['a method in the match', proxy({ match: 'GET /users' }), /methods: \['GET'\]/],
  ['an address in the match', proxy({ match: 'http://h/users' }), /a path without a host/],
  ['a method in small letters', proxy({ methods: ['get'] }), /must be written "GET"/],
  ['HEAD', proxy({ methods: ['HEAD'] }), /GET includes it/],
  ['TRACE', proxy({ methods: ['TRACE'] }), /never forwards it/],
  ['all methods by a star', proxy({ methods: ['*'] }), /omit methods/],
  ['a method instead of a list', proxy({ methods: 'GET' }), /must be a list/],
  ['a method twice', proxy({ methods: ['GET', 'POST', 'GET'] }), /lists GET twice/],
  ['a rewrite that is not normal', proxy({ rewrite: '/a/../b' }), /normal form \(dot-segment\)/],
  ['a rewrite from elsewhere', proxy({ match: '/users/{id}', rewrite: '/u/:id' }), /write \{id\}/],
  ['an option from elsewhere', proxy({ stripPrefix: '/users' }), /"stripPrefix": write the target path as `rewrite`/],
  ['too few attempts', proxy({ maxAttempts: 0 }), /routes\[0\]\.maxAttempts: must be at least 1$/],
  ['a text for a number', proxy({ maxAttempts: '3' }), /routes\[0\]\.maxAttempts: must be a (?:whole )?number$/],
  ['no service', { routes: [{ kind: 'proxy', match: '/x' }] }, /routes\[0\]\.service: is required$/],
  ['an unknown kind', proxy({ kind: 'redirect' }), /routes\[0\]\.kind: must be one of: proxy, aggregate$/],
  ['a slip in an option', proxy({ rewirte: '/u' }), /Did you mean "rewrite"/],
  ['a slip in a limit', { routes: [good], limits: { conections: 5 } }, /limits: .*Did you mean "connections"/],
  ['a target that is not normal', joined({}, { target: '/x//y?id={id}' }), /normal form \(empty-segment\)/],
  [
    'an inherited name in a target',
    joined({}, { target: '/x/{toString}?id={id}' }),
    /\{toString\}, which is not a parameter/,
  ],
  ['an inherited name in a match', joined({ match: '/x/{constructor}' }), /parameters\.constructor is missing/],
  ['a name that no object can have', proxy({ match: '/x/{__proto__}' }), /choose another name/],
  ['a parameter that nothing uses', joined({}, { target: '/x' }), /parameters\.id is not used by any part/],
  [
    'a part of no name',
    { routes: [{ ...aggregate, parts: { '1a': part } }] },
    /parts\.1a: the name must consist of letters/,
  ],
  [
    'a part that outlives the whole',
    joined({ deadlineMs: 100 }, { timeoutMs: 101 }),
    /the deadline of 100 ms expires first/,
  ],
  ['a service that no route uses', { routes: [good], services: { 'usr-service': {} } }, /Did you mean "user-service"/],
  [
    'a code for an absent service',
    { routes: [good], services: { 'user-service': { unavailable: 'NOT_FOUND' } } },
    /status 404: use an error with status 503/,
  ],
  [
    'a code for a bad value',
    joined({ parameters: { id: { in: 'query', type: 'id', error: 'INTERNAL' } } }),
    /status 500: use an error with status 400/,
  ],
  [
    'a code for a refusal',
    joined({}, { errors: { 404: 'OVERLOADED' } }),
    /errors\.404: OVERLOADED has status 503: use an error with a 4xx status/,
  ],
  ['a code with a place to fill', joined({}, { errors: { 413: 'PAYLOAD_TOO_LARGE' } }), /needs \{limitBytes\}/],
  ['errors of an optional part', joined({}, { need: 'optional', errors: { 404: 'NOT_FOUND' } }), /never used/],
  [
    'a probe of no normal path',
    { routes: [good], health: { path: '/a//b' } },
    /health\.path is not in its normal form/,
  ],
  ['a block by a wrong address', { routes: [good], trustedProxies: ['10.0.0.1/8'] }, /first address/],
] as const) {
  test(`${what} is refused, and the message shows the right form`, () => assert.match(problemsOf(value), expected));
}

for (const [what, value] of [
  ['a parameter beside what the gateway answers itself', proxy({ match: '/{page}' })],
  ['everything', proxy({ match: '/' })],
  ['signs that are part of words', proxy({ match: '/odata/$metadata/users:find/a(1)/c++/@me/~x' })],
  [
    'a parameter of a path that only stands there',
    joined({ match: '/t/{t}/x', parameters: { ...aggregate.parameters, t: { in: 'path', type: 'text' } } }),
  ],
  ['the idle time of tunnels', { routes: [good], timeouts: { tunnelIdleMs: 10_000 } }],
  [
    'a service with its own word',
    { routes: [good], services: { 'user-service': { unavailable: awayOf('user-service') } } },
  ],
] as const) {
  test(`${what} is accepted`, () => assert.equal(problemsOf(value), ''));
}
