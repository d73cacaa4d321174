import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coreErrors } from '@flotilla/contracts';
import { silentLogger } from '@flotilla/kit/logger';
import { idleTracer } from '@flotilla/kit/telemetry';
import { FakeClock } from '@flotilla/testing';
import type { AskPolicyConfig } from '../config/policy-config.ts';
import type { CallContext } from '../engine/call-context.ts';
import type { UpstreamCall, UpstreamCallResult } from '../engine/engine.ts';
import type { Decided, PolicyRequest } from '../engine/policy-step.ts';
import { FieldEdits } from '../headers/field-edits.ts';
import { identify, type RequestHead } from '../headers/request-head.ts';
import { trustRanges } from '../headers/trusted-proxies.ts';
import { planAsk } from './ask-plan.ts';

const head: RequestHead = {
  method: 'POST',
  target: '/orders/caf%C3%A9?x=%2F',
  host: 'shop.example',
  scheme: 'http',
  httpVersion: '1.1',
  headers: ['Cookie', 'a=b', 'Content-Type', 'text/plain', 'X-User', 'root', 'If-None-Match', '"1"'],
  fieldIds: [0, 0, 0, 0],
  connection: [],
  remoteAddress: '192.0.2.7',
};

function requestOf(): PolicyRequest {
  const identity = identify(idleTracer(), head);
  const client = { scheme: 'http', remoteAddress: '192.0.2.7' } as const;
  const route = { kind: 'proxy', template: '/orders/', services: ['orders'] } as const;
  return {
    head,
    identity,
    spans: undefined,
    route,
    client,
    up: new FieldEdits('request'),
    down: new FieldEdits('answer'),
  };
}

const instance = { authority: '10.0.0.5:9000', address: '10.0.0.5', port: 9000 };

/** Asks a service that answers so, and says what became of it. */
async function asked(
  result: UpstreamCallResult,
  options: Partial<AskPolicyConfig> = {},
  request: PolicyRequest = requestOf(),
) {
  const calls: UpstreamCall[] = [];
  const context: CallContext = {
    caller: {
      call(call) {
        calls.push(call);
        return Promise.resolve(result);
      },
    },
    clock: new FakeClock(),
    logger: silentLogger(),
    forwarding: { trusted: trustRanges([]), via: 'flotilla-test' },
    // Nothing is picked there: the call is answered above.
    placeOf: () => ({ pool: { set: { all: [instance] } } as unknown as UpstreamCall['pool'] }),
    unavailableOf: (service) => ({ service, kind: coreErrors.SERVICE_UNAVAILABLE, retryAfterMs: 1_000 }),
  };
  const plan = planAsk({ kind: 'ask', service: 'auth', target: '/check', ...options }, assert.fail);
  const verdict = plan.compile(context).request?.(request);
  assert.ok(verdict?.kind === 'wait');
  const decided = await verdict.begin(new AbortController().signal);
  const up = [...head.headers];
  request.up.applyTo(up);
  const down: string[] = [];
  request.down.applyTo(down);
  return { decided, call: calls[0] ?? assert.fail(), up, down };
}

function answer(status: number, headers: readonly string[] = [], body = ''): UpstreamCallResult {
  return { kind: 'response', status, headers, body: Buffer.from(body) };
}

function shown(decided: Decided): string {
  if (decided.kind === 'refuse') return `${decided.error.code} ${decided.error.retryAfterMs ?? ''}`.trim();
  return decided.kind === 'answer' ? `its ${decided.response.status}` : decided.kind;
}

test('the question says who asks for what, byte by byte, and has nothing of the body', async () => {
  const request = requestOf();
  request.up.set('Cookie', 'of an earlier step');
  const { call } = await asked(answer(200), {}, request);
  assert.deepEqual([call.method, call.target], ['GET', '/check']);
  const fields = call.headers.join('\n');
  for (const expected of [
    'Cookie\nof an earlier step',
    'X-Forwarded-Method\nPOST',
    'X-Forwarded-Uri\n/orders/caf%C3%A9?x=%2F',
    'X-Forwarded-For\n192.0.2.7',
    'X-Forwarded-Host\nshop.example',
    'Via\n1.1 flotilla-test',
  ]) {
    assert.ok(fields.includes(expected), expected);
  }
  assert.doesNotMatch(fields, /content-type|x-user|if-none-match|^host$/im);
});

for (const [result, expected, letThrough] of [
  [answer(200), 'go-on', 'go-on'],
  [answer(204), 'go-on', 'go-on'],
  [answer(302), 'its 302', 'its 302'],
  [answer(401), 'its 401', 'its 401'],
  [answer(403), 'its 403', 'its 403'],
  [answer(404), 'its 404', 'its 404'],
  [answer(429), 'its 429', 'its 429'],
  // It is about how the gateway asked, or about a copy that the gateway does not have.
  [answer(304), 'BAD_GATEWAY', 'go-on'],
  [answer(405), 'BAD_GATEWAY', 'go-on'],
  [answer(407), 'BAD_GATEWAY', 'go-on'],
  [answer(500), 'BAD_GATEWAY', 'go-on'],
  [answer(503), 'SERVICE_UNAVAILABLE 1000', 'go-on'],
  [answer(503, ['Retry-After', '7']), 'SERVICE_UNAVAILABLE 7000', 'go-on'],
  [answer(504), 'GATEWAY_TIMEOUT', 'go-on'],
  [{ kind: 'failed', outcome: undefined }, 'SERVICE_UNAVAILABLE 1000', 'go-on'],
  [{ kind: 'failed', outcome: { kind: 'refused' } }, 'SERVICE_UNAVAILABLE 1000', 'go-on'],
  [{ kind: 'failed', outcome: { kind: 'timeout', phase: 'first-byte' } }, 'GATEWAY_TIMEOUT', 'go-on'],
  [{ kind: 'failed', outcome: { kind: 'invalid', reason: 'body-too-large' } }, 'BAD_GATEWAY', 'go-on'],
] as const) {
  const what = result.kind === 'failed' ? JSON.stringify(result.outcome ?? 'nobody there') : `a ${result.status}`;
  test(`${what} means ${expected}, or ${letThrough} where a failure lets through`, async () => {
    assert.equal(shown((await asked(result)).decided), expected);
    assert.equal(shown((await asked(result, { onFailure: 'let-through' })).decided), letThrough);
  });
}

test('a status can have an error of the route', async () => {
  const options = { errors: { 404: 'FORBIDDEN', 401: 'UNAUTHENTICATED', 500: 'SERVICE_UNAVAILABLE' } } as const;
  assert.equal(shown((await asked(answer(404), options)).decided), 'FORBIDDEN');
  assert.equal(shown((await asked(answer(500), options)).decided), 'SERVICE_UNAVAILABLE');
  const { decided } = await asked(answer(401, ['WWW-Authenticate', 'Basic', 'www-authenticate', 'Bearer']), options);
  assert.ok(decided.kind === 'refuse');
  assert.deepEqual(decided.error.challenges, ['Basic', 'Bearer']);
});

test('an answer for the client has all its end-to-end fields, and must not be stored', async () => {
  const headers = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Location', '/login', 'Content-Length', '3', 'X-Hop', '1'];
  const { decided } = await asked(
    answer(302, [...headers, 'Connection', 'close, X-Hop', 'X-Request-Id', 'its'], 'why'),
  );
  assert.ok(decided.kind === 'answer');
  assert.deepEqual(decided.response.headers, [
    ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Location', '/login', 'Cache-Control', 'no-store'],
  ]);
  assert.equal(String(decided.response.body), 'why');
  const stored = await asked(answer(404, ['Cache-Control', 'max-age=60']));
  assert.ok(stored.decided.kind === 'answer');
  assert.deepEqual(stored.decided.response.headers, ['Cache-Control', 'max-age=60']);
});

test('what the service says about the user is forwarded byte by byte, except a login bound to a connection', async () => {
  // As it is read: byte by byte. The last byte of "à" in UTF-8 is white space to JavaScript.
  const name = Buffer.from('Nicolà').toString('latin1');
  const { decided, up } = await asked(answer(200, ['X-User', name]), { toService: ['X-User'] });
  assert.equal(decided.kind, 'go-on');
  assert.equal(up[up.indexOf('x-user') + 1], name);
  const login = answer(200, ['Authorization', 'Negotiate YII=']);
  assert.equal(shown((await asked(login, { toService: ['Authorization'] })).decided), 'BAD_GATEWAY');
  const through = await asked(login, { toService: ['Authorization'], onFailure: 'let-through' });
  assert.deepEqual([through.decided.kind, through.up.includes('Negotiate YII=')], ['go-on', false]);
});

test('a redirect of the service does not name its instance, which only the gateway can reach', async () => {
  for (const [place, expected] of [
    ['http://10.0.0.5:9000/login?next=%2F', '/login?next=%2F'],
    ['https://login.example/start', 'https://login.example/start'],
    ['/login', '/login'],
  ] as const) {
    const { decided } = await asked(answer(302, ['Location', place]));
    assert.ok(decided.kind === 'answer');
    assert.deepEqual(decided.response.headers.slice(0, 2), ['Location', expected]);
  }
});

test("a 2xx gives fields to the service and to the client; the client's own fields never pass for them", async () => {
  const options = { toService: ['X-User', 'X-Group'], toClient: ['Set-Cookie'] } as const;
  const headers = ['X-Group', 'a', 'x-group', 'b', 'Set-Cookie', 's=1', 'Set-Cookie', 't=2', 'X-Other', 'kept back'];
  const { up, down } = await asked(answer(200, headers), options);
  assert.deepEqual(up, [
    ...['Cookie', 'a=b', 'Content-Type', 'text/plain', 'If-None-Match', '"1"'],
    ...['x-group', 'a', 'x-group', 'b'],
  ]);
  assert.deepEqual(down, ['set-cookie', 's=1', 'set-cookie', 't=2']);
  const failed = await asked(answer(500), { ...options, onFailure: 'let-through' });
  assert.ok(!failed.up.includes('root'));
});
