import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { type Answer, serveApp } from '@flotilla/testing/http';
import { registryRoutes } from '../../http/routes.ts';
import { createRegistry, type Registry } from '../../registry.ts';
import { openSqliteStore } from '../../store/sqlite-store.ts';
import { consulRoutes } from '../consul-routes.ts';

const node = { name: 'n1', id: 'a-b', address: '127.0.0.1', port: 8500, datacenter: 'dc1', meta: {} };

interface Serving {
  readonly ask: (method: string, target: string, body?: string) => Promise<Answer>;
  /** The status and the body of an answer. */
  readonly told: (method: string, target: string, body?: string) => Promise<string>;
  readonly json: <T>(method: string, target: string, body?: unknown) => Promise<T>;
  readonly registry: Registry;
}

async function serving(t: TestContext): Promise<Serving> {
  const registry = await createRegistry({
    store: openSqliteStore({ file: ':memory:', clock: new FakeClock(0) }),
    clock: systemClock,
  });
  const app = await serveApp((scope) => {
    registryRoutes(scope, registry, { clock: systemClock });
    consulRoutes(scope, registry, { node, clock: systemClock, onBackgroundError: assert.fail });
  });
  t.after(async () => {
    await app.close();
    await registry.close();
  });
  const ask: Serving['ask'] = (method, target, body) => app.ask(method, target, body);
  return {
    ask,
    registry,
    told: async (...asked) => {
      const { status, text } = await ask(...asked);
      return `${status} ${text}`.trim();
    },
    json: async (method, target, body) => {
      const { text } = await ask(method, target, body === undefined ? undefined : JSON.stringify(body));
      return JSON.parse(text); // The tests say what they expect, and assert what they find.
    },
  };
}

interface Shown {
  readonly Key: string;
  readonly Value: string | null;
  readonly Session?: string;
  readonly ModifyIndex: number;
}

test('a key is put, read in all forms, and deleted', async (t) => {
  const { ask, told, json } = await serving(t);
  assert.equal(await told('PUT', '/v1/kv/app/a?flags=18446744073709551615', 'one'), '200 true');
  const answer = await ask('GET', '/v1/kv/app/a');
  assert.match(answer.text, /"Flags":18446744073709551615,"Value":"b25l"/);
  const ModifyIndex = (JSON.parse(answer.text) as Shown[])[0]?.ModifyIndex ?? 0; // As the match before says.
  assert.equal(answer.headers.get('x-consul-index'), String(ModifyIndex));
  const raw = await ask('GET', '/v1/kv/app/a?raw');
  assert.deepEqual([raw.text, raw.headers.get('content-security-policy')], ['one', 'sandbox']);
  await told('PUT', '/v1/kv/app/deep/b', '');
  assert.deepEqual(
    (await json<Shown[]>('GET', '/v1/kv/app/?recurse')).map(({ Key, Value }) => [Key, Value]),
    [
      ['app/a', 'b25l'],
      ['app/deep/b', null],
    ],
  );
  assert.deepEqual(await json('GET', '/v1/kv/app/?keys&separator=/'), ['app/a', 'app/deep/']);
  assert.equal(await told('PUT', '/v1/kv/app/a?cas=0', 'x'), '200 false');
  assert.equal(await told('PUT', `/v1/kv/app/a?cas=${ModifyIndex}`, 'two'), '200 true');
  assert.equal(await told('DELETE', `/v1/kv/app/a?cas=${ModifyIndex}`), '200 false');
  assert.equal(await told('DELETE', '/v1/kv/app/?recurse'), '200 true');
  const gone = await ask('GET', '/v1/kv/app/a');
  assert.deepEqual([gone.status, gone.text], [404, '']);
  assert.ok(Number(gone.headers.get('x-consul-index')) > ModifyIndex);
});

test('what cannot be is refused in the words of Consul', async (t) => {
  const { told } = await serving(t);
  const cases: readonly (readonly [string, string, string | undefined, RegExp])[] = [
    ['GET', '/v1/kv/', undefined, /^400 Missing key name$/],
    ['PUT', '/v1/kv/', 'x', /^400 Missing key name$/],
    ['PUT', '/v1/kv//a', 'x', /^400 Invalid key "\/a"/],
    ['PUT', '/v1/kv/a?cas=x', 'x', /^400 Invalid value for \?cas/],
    ['PUT', '/v1/kv/a?flags=18446744073709551616', 'x', /^400 Invalid value for \?flags/],
    ['PUT', '/v1/kv/a?acquire=b&release=c', 'x', /^400 Conflicting flags: acquire=b&release=c$/],
    ['DELETE', '/v1/kv/a?recurse&cas=1', undefined, /^400 Conflicting flags/],
    ['PUT', '/v1/kv/a?acquire=nobody', 'x', /^500 invalid session "nobody"$/],
    ['PUT', '/v1/kv/a', 'x'.repeat(524_289), /^413 /],
    ['POST', '/v1/kv/a', 'x', /^405 method POST not allowed$/],
    ['PUT', '/v1/txn', '{}', /^400 Failed to parse body/],
    ['PUT', '/v1/txn', '[{"KV":{"Verb":"set","Key":"a","Value":"%%"}}]', /^400 .*illegal base64 data at input byte 0$/],
    ['PUT', '/v1/txn', '[{"Node":{"Verb":"get"}}]', /^400 Transactions here are about keys alone/],
    ['PUT', '/v1/session/create', '{"TTL":"5s"}', /^500 Invalid Session TTL '5000000000'/],
    ['PUT', '/v1/session/create', '{"Behavior":"explode"}', /^500 Invalid Behavior setting/],
    ['PUT', '/v1/session/create', '{"Checks":["nothing"]}', /^500 Missing check 'nothing' registration$/],
    ['PUT', '/v1/session/create', '{"Node":"nobody"}', /^500 Missing node registration$/],
    ['PUT', '/v1/session/renew/nobody', undefined, /^404 Session id 'nobody' not found$/],
    ['GET', '/v1/session/info/nobody', undefined, /^200 \[\]$/],
  ];
  for (const [method, target, body, expected] of cases)
    assert.match(await told(method, target, body), expected, target);
});

test('a transaction is told with what it read, or with every step that failed', async (t) => {
  const { json, told } = await serving(t);
  const done = await json<{ Results: { KV: Shown }[]; Errors: null }>('PUT', '/v1/txn', [
    { KV: { Verb: 'set', Key: 'a', Value: 'MQ==' } },
    {},
    { KV: { Verb: 'get-tree', Key: 'a' } },
  ]);
  assert.deepEqual(
    done.Results.map(({ KV }) => [KV.Key, KV.Value]),
    [
      ['a', null],
      ['a', 'MQ=='],
    ],
  );
  const failed = JSON.stringify([
    { KV: { Verb: 'set', Key: 'b', Value: 'MQ==' } },
    { KV: { Verb: 'cas', Key: 'a', Value: 'MQ==', Index: 99 } },
    { KV: { Verb: 'get', Key: 'none' } },
    { KV: { Verb: 'check-not-exists', Key: 'a' } },
    { KV: { Verb: 'lock', Key: 'a' } },
  ]);
  assert.equal(
    await told('PUT', '/v1/txn', failed),
    `409 ${JSON.stringify({
      Results: null,
      Errors: [
        { OpIndex: 1, What: 'failed to set key "a", index is stale' },
        { OpIndex: 2, What: 'key "none" doesn\'t exist' },
        { OpIndex: 3, What: 'key "a" exists' },
        { OpIndex: 4, What: 'missing session' },
      ],
    })}`,
  );
  const many = Array.from({ length: 65 }, () => ({ KV: { Verb: 'get', Key: 'a' } }));
  assert.equal(
    await told('PUT', '/v1/txn', JSON.stringify(many)),
    '413 Transaction contains too many operations (65 > 64)',
  );
});

test('a session locks keys, and gives them back when it is destroyed or its check fails', async (t) => {
  const { json, told, registry } = await serving(t);
  await told(
    'PUT',
    '/v1/agent/service/register',
    JSON.stringify({ Name: 'web', Check: { TTL: '60s', Status: 'passing' } }),
  );
  const linked = await json<{ ID: string }>('PUT', '/v1/session/create', { Checks: ['service:web'], LockDelay: '0s' });
  const plain = await json<{ ID: string }>('PUT', '/v1/session/create', { Name: 'p', TTL: '10s', LockDelay: 15 });
  assert.deepEqual(
    (await json<object[]>('GET', `/v1/session/info/${plain.ID}`)).map((session) => ({
      ...session,
      CreateIndex: 0,
      ModifyIndex: 0,
    })),
    [
      {
        ...{ ID: plain.ID, Name: 'p', Node: 'n1', LockDelay: 15_000_000_000, Behavior: 'release', TTL: '10s' },
        ...{ NodeChecks: ['serfHealth'], ServiceChecks: null, CreateIndex: 0, ModifyIndex: 0 },
      },
    ],
  );
  assert.equal(await told('PUT', `/v1/kv/lock?acquire=${linked.ID}`, 'me'), '200 true');
  assert.equal(await told('PUT', `/v1/kv/lock?acquire=${plain.ID}`, 'you'), '200 false');
  assert.equal((await json<Shown[]>('GET', '/v1/kv/lock'))[0]?.Session, linked.ID);
  const index = registry.topics.indexOf('sessions');
  const ended = json<{ ID: string }[]>('GET', `/v1/session/list?index=${index}`);
  assert.equal(await told('PUT', '/v1/agent/check/fail/service:web'), '200');
  assert.deepEqual(
    (await ended).map(({ ID }) => ID),
    [plain.ID],
  );
  assert.equal(await told('PUT', `/v1/kv/lock?acquire=${plain.ID}`, 'you'), '200 true');
  assert.equal(await told('PUT', `/v1/session/destroy/${plain.ID}`), '200 true');
  const again = await json<{ ID: string }>('PUT', '/v1/session/create');
  assert.equal(await told('PUT', `/v1/kv/lock?acquire=${again.ID}`, 'x'), '200 false', 'for the lock delay nobody may');
});

test('a wait for a missing key is woken by that key alone', async (t) => {
  const { ask, told } = await serving(t);
  const { headers } = await ask('GET', '/v1/kv/a/b');
  const waiting = ask('GET', `/v1/kv/a/b?index=${headers.get('x-consul-index')}&wait=10m`);
  const below = ask('GET', `/v1/kv/a/?recurse&index=${headers.get('x-consul-index')}&wait=10m`);
  await told('PUT', '/v1/kv/a/bc', 'other');
  assert.equal((await below).status, 200);
  await told('PUT', '/v1/kv/a/b', 'it');
  const answer = await waiting;
  assert.deepEqual([answer.status, JSON.parse(answer.text)[0].Value], [200, 'aXQ=']);
});
