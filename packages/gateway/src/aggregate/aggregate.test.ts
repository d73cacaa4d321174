import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, defineErrors, isAppError, type KnownError, kindOf, toProblem } from '@flotilla/contracts';
import { defaultRouteTimeouts } from '../config/timeouts.ts';
import type { UpstreamCallResult } from '../engine/engine.ts';
import { type AggregatePlan, planAggregate } from '../routes/aggregate-plan.ts';
import { parsePattern } from '../routes/pattern.ts';
import { mergeParts } from './merge.ts';
import { type PartResult, partResult } from './part-result.ts';
import { readParameters } from './read-parameters.ts';

const userErrors = defineErrors('user-service', {
  BAD_USER_ID: {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    message: { en: 'The user id is not valid', 'zh-CN': '无效的用户 ID' },
    cause: 'Of a test.',
    action: 'Nothing.',
  },
  USER_UNKNOWN: {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    message: { en: 'No such user', 'zh-CN': '用户不存在' },
    cause: 'Of a test.',
    action: 'Nothing.',
  },
  USERS_AWAY: {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    message: { en: 'The user service is not available', 'zh-CN': '用户服务不可用' },
    cause: 'Of a test.',
    action: 'Nothing.',
  },
});

const plan: AggregatePlan = planAggregate(
  {
    kind: 'aggregate',
    match: '/both/{name}',
    parameters: {
      name: { in: 'path', type: 'text' },
      user_id: { in: 'query', type: 'id', error: userErrors.BAD_USER_ID },
    },
    parts: {
      user: {
        service: 'user-service',
        target: '/user?id={user_id}',
        need: 'required',
        errors: { 410: userErrors.USER_UNKNOWN },
      },
      orders: { service: 'order-service', target: '/orders', need: 'required' },
      extra: { service: 'extra-service', target: '/extra', need: 'optional' },
    },
  },
  parsePattern('/both/{name}'),
  defaultRouteTimeouts,
  assert.fail,
);

const path = new Map([['name', 'x']]);

test('parameters come from path and query', () => {
  assert.deepEqual(
    [...readParameters(plan, path, '?user_id=7')],
    [
      ['name', 'x'],
      ['user_id', '7'],
    ],
  );
});

for (const query of [
  '',
  '?',
  '?user_id=',
  '?user_id=x',
  '?user_id=1.5',
  '?user_id=0',
  '?user_id=-1',
  '?user_id=01',
  '?user_id=1e3',
  '?user_id=9007199254740992',
  '?user_id=1&user_id=2',
  '?user_id=1%202',
]) {
  test(`the query "${query}" has no valid id`, () => {
    assert.throws(
      () => readParameters(plan, path, query),
      (error) => {
        assert.ok(isAppError(error));
        assert.deepEqual([error.code, error.fields[0]?.field], ['BAD_USER_ID', '?user_id']);
        return true;
      },
    );
  });
}

test('a value that is not UTF-8 is refused; a literal replacement character is not', () => {
  const { plan: texts, values } = textPlan();
  for (const query of ['?name=%FF', '?name=a%C3', '?name=%ED%A0%80']) {
    assert.throws(
      () => readParameters(texts, values, query),
      (error) => isAppError(error) && error.fields[0]?.code === 'NOT_PERCENT_ENCODED',
    );
  }
  assert.equal(readParameters(texts, values, '?name=%EF%BF%BD').get('name'), '\ufffd');
  assert.equal(readParameters(texts, values, '?name=50%').get('name'), '50%');
});

function textPlan() {
  const parameters = { name: { in: 'query', type: 'text' } } as const;
  const parts = { a: { service: 's', target: '/a?n={name}', need: 'required' } } as const;
  const pattern = parsePattern('/t');
  const plan = planAggregate(
    { kind: 'aggregate', match: '/t', parameters, parts },
    pattern,
    defaultRouteTimeouts,
    assert.fail,
  );
  return { plan, values: new Map() };
}

test('a parameter that the route does not have is refused by name', () => {
  assert.throws(
    () => readParameters(plan, path, '?user_id=1&usr=2'),
    (error) => {
      return isAppError(error) && error.code === 'INVALID_REQUEST' && error.fields[0]?.field === '?usr';
    },
  );
});

const userPart = plan.parts[0] ?? assert.fail();
const unavailable = { service: 'user-service', kind: userErrors.USERS_AWAY, retryAfterMs: 1_000 } as const;

const nowMs = Date.parse('2026-01-01T00:00:00Z');

function judge(
  status: number,
  body: string | Buffer,
  type = 'application/json; charset=utf-8',
  more: string[] = [],
): PartResult {
  const headers = ['Content-Type', type, ...more];
  return partResult(userPart, { kind: 'response', status, headers, body: Buffer.from(body) }, unavailable, nowMs);
}

function codeOf(result: PartResult): string {
  return result.kind === 'failed'
    ? `${result.error.code} ${result.error.retryAfterMs ?? ''}`.trim()
    : result.bytes.toString();
}

test('a JSON answer is copied as text, so that numbers and names do not change', () => {
  assert.equal(codeOf(judge(200, '{"n":1.50,"big":12345678901234567890}')), '{"n":1.50,"big":12345678901234567890}');
});

for (const [what, result, expected] of [
  ['broken JSON', judge(200, '{"a":'), 'BAD_GATEWAY'],
  ['JSON that is not UTF-8', judge(200, Buffer.from([0x22, 0xff, 0x22])), 'BAD_GATEWAY'],
  ['an answer that is not JSON', judge(200, '{}', 'text/html'), 'BAD_GATEWAY'],
  ['an empty answer', judge(200, ''), 'BAD_GATEWAY'],
  ['a redirect', judge(302, ''), 'BAD_GATEWAY'],
  ['a problem about the request', judge(404, '{"code":"USER_UNKNOWN"}', 'application/problem+json'), 'USER_UNKNOWN'],
  ['a status that the route maps', judge(410, 'gone'), 'USER_UNKNOWN'],
  ['a problem that contradicts its status', judge(404, '{"code":"INTERNAL"}'), 'NOT_FOUND'],
  ['a problem of another release', judge(404, '{"code":"NO_SUCH_PLANET"}'), 'NO_SUCH_PLANET'],
  ['a problem with a code that is not a name', judge(404, '{"code":"no such thing"}'), 'NOT_FOUND'],
  ['a problem with a number for a code', judge(404, '{"code":404}'), 'NOT_FOUND'],
  ['an unknown problem of a service that is away', judge(503, '{"code":"ON_HOLIDAY"}'), 'ON_HOLIDAY 1000'],
  ['an unknown problem of a service that failed', judge(500, '{"code":"OUT_OF_CHEESE"}'), 'BAD_GATEWAY'],
  ['a page about the request', judge(404, '<h1>no</h1>', 'text/html'), 'NOT_FOUND'],
  ['a refusal without a word', judge(403, ''), 'FORBIDDEN'],
  ['a status that no code has', judge(423, ''), 'INVALID_REQUEST'],
  ['a refusal of how the gateway asked', judge(406, ''), 'BAD_GATEWAY'],
  ['a limit that was reached', judge(429, '', 'text/plain', ['Retry-After', '7']), 'TOO_MANY_REQUESTS 7000'],
  [
    'a limit until a date',
    judge(429, '', 'text/plain', ['retry-after', 'Thu, 01 Jan 2026 00:01:00 GMT']),
    'TOO_MANY_REQUESTS 60000',
  ],
  ['a service that is away for a while', judge(503, 'x', 'text/html', ['Retry-After', '9']), 'USERS_AWAY 9000'],
  ['a service that is away', judge(503, ''), 'USERS_AWAY 1000'],
  ['a service that waited in vain itself', judge(504, ''), 'GATEWAY_TIMEOUT'],
  ['JSON without a content type', judge(200, '[1]', 'text/plain; charset=utf-8'), '[1]'],
  ['JSON after a byte order mark', judge(200, '\ufeff[1]'), '[1]'],
  ['JSON that is nested too deep', judge(200, '['.repeat(513) + ']'.repeat(513)), 'BAD_GATEWAY'],
  ['a problem that is nested too deep', judge(404, '['.repeat(100_000), 'application/problem+json'), 'NOT_FOUND'],
  [
    'a service that is overloaded',
    judge(503, '{"code":"OVERLOADED"}', 'application/json', ['Retry-After', '3']),
    'OVERLOADED 3000',
  ],
  ['a service that has a defect', judge(500, '{"code":"INTERNAL"}'), 'BAD_GATEWAY'],
] as const) {
  test(`${what} is ${expected}`, () => assert.equal(codeOf(result), expected));
}

test("a service's field errors are forwarded with their code and text; lookalikes are not", () => {
  const errors = [
    { field: '?id', code: 'NOT_DIGITS', message: '必须是整数' },
    { field: '?x', code: 'OF_A_NEWER_SERVICE', message: 'new' },
    { field: '?y', message: 7 },
    null,
  ];
  const result = judge(400, JSON.stringify({ code: 'BAD_USER_ID', errors }), 'application/problem+json');
  assert.ok(result.kind === 'failed');
  assert.deepEqual(toProblem(result.error, { locale: 'zh-CN' }).errors, [
    { field: '?id', code: 'NOT_DIGITS', message: '必须是整数' },
    { field: '?x', code: 'OF_A_NEWER_SERVICE', message: 'new' },
  ]);
});

test("a service's error code and text reach the client unchanged; its other details do not", () => {
  const said = {
    type: 'https://example.com/probs/out-of-credit',
    code: 'out-of-credit',
    title: 'You need {service} more.',
    status: 403,
    detail: 'Your balance is 30.',
    instance: '/account/12345',
    balance: 30,
    exception: 'SqlException at line 7',
  };
  const result = judge(403, JSON.stringify(said), 'application/problem+json');
  assert.ok(result.kind === 'failed');
  assert.deepEqual(toProblem(result.error, { locale: 'zh-CN', instance: '/overview' }), {
    type: 'https://example.com/probs/out-of-credit',
    title: 'You need {service} more.',
    status: 403,
    code: 'out-of-credit',
    detail: 'Your balance is 30.',
    instance: '/overview',
  });
});

test('a problem with a type but no code keeps its type, and gets the code of its status', () => {
  const said = { type: 'https://example.com/probs/too-young', title: 'Too young', detail: 'Come back in a year.' };
  const result = judge(422, JSON.stringify(said), 'application/problem+json');
  assert.ok(result.kind === 'failed');
  assert.deepEqual(toProblem(result.error, { locale: 'en' }), { ...said, status: 422, code: 'UNPROCESSABLE' });
});

test('the demands and texts of a foreign service reach the client in our format', () => {
  const challenges = ['WWW-Authenticate', 'Basic realm="py"', 'www-authenticate', 'Bearer'];
  const asked = judge(401, '<h1>no</h1>', 'text/html', challenges);
  assert.ok(asked.kind === 'failed');
  assert.deepEqual([asked.error.status, asked.error.challenges], [401, ['Basic realm="py"', 'Bearer']]);
  const said = judge(422, '{"type":"about:blank","status":422,"detail":"Too young."}', 'application/problem+json');
  assert.ok(said.kind === 'failed');
  assert.deepEqual([said.error.status, said.error.detail], [422, 'Too young.']);
});

for (const [outcome, expected] of [
  [undefined, 'USERS_AWAY 1000'],
  [{ kind: 'refused' }, 'USERS_AWAY 1000'],
  [{ kind: 'exhausted', cause: 'EMFILE' }, 'GATEWAY_EXHAUSTED 1000'],
  [{ kind: 'limited', limit: 'connectionsPerUpstream', most: 2 }, 'OVERLOADED 1000'],
  [{ kind: 'timeout', phase: 'first-byte' }, 'GATEWAY_TIMEOUT'],
  [{ kind: 'reset', reused: false, responseStarted: true, bytesSent: 1 }, 'BAD_GATEWAY'],
  [{ kind: 'invalid', reason: 'x' }, 'BAD_GATEWAY'],
] as const) {
  test(`a call that ends with ${JSON.stringify(outcome)} is ${expected}`, () => {
    const result: UpstreamCallResult = { kind: 'failed', outcome };
    assert.equal(codeOf(partResult(userPart, result, unavailable, nowMs)), expected);
  });
}

const json = (text: string): PartResult => ({ kind: 'json', bytes: Buffer.from(text) });
const failed = (kind: KnownError): PartResult => ({ kind: 'failed', error: new AppError(kindOf(kind)) });

for (const [what, results, expected] of [
  ['all parts', [json('1'), json('[2]'), json('{}')], '{"user":1,"orders":[2],"extra":{}}'],
  [
    'an optional part missing',
    [json('1'), json('2'), failed('BAD_GATEWAY')],
    '{"user":1,"orders":2,"extra":null,"missing":["extra"]}',
  ],
  ['a required part missing', [json('1'), failed('GATEWAY_TIMEOUT'), json('3')], 'GATEWAY_TIMEOUT'],
  [
    'two required parts missing: the first decides',
    [failed('BAD_GATEWAY'), failed('GATEWAY_TIMEOUT'), json('3')],
    'BAD_GATEWAY',
  ],
  [
    'an answer about the request goes before one about the fleet',
    [failed('BAD_GATEWAY'), failed(userErrors.USER_UNKNOWN), json('3')],
    'USER_UNKNOWN',
  ],
  [
    'a part that was cancelled says nothing',
    [failed('CLIENT_CLOSED_REQUEST'), failed('BAD_GATEWAY'), json('3')],
    'BAD_GATEWAY',
  ],
] as const) {
  test(`joined: ${what}`, () => {
    const merged = mergeParts(plan, results);
    assert.equal(merged.kind === 'json' ? merged.body.toString() : merged.error.code, expected);
  });
}
