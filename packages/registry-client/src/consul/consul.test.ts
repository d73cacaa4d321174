import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { advanceUntil, countedTransport } from '@flotilla/conformance';
import { type Script, type ScriptedAnswer, type ScriptedHttp, scriptedHttp } from '@flotilla/conformance/registries';
import { nodeTransport } from '@flotilla/contracts/http-client';
import { FakeClock, type RecordingLogger, recordingLogger, waitUntil } from '@flotilla/testing';
import { discoveryFor, registrarFor } from '../registry-for.ts';

interface ScriptedConsul extends ScriptedHttp {
  readonly url: string;
}

/** A script whose answers have an index: 5, if they say no other. */
async function scriptedConsul(t: TestContext, script: Script): Promise<ScriptedConsul> {
  const indexed =
    (of: Script): Script =>
    (request) => {
      const answer = of(request);
      return answer === undefined ? undefined : { ...answer, headers: { 'x-consul-index': '5', ...answer.headers } };
    };
  const server = await scriptedHttp(t, indexed(script));
  return {
    host: server.host,
    url: `consul+http://${server.host}`,
    requests: server.requests,
    get script() {
      return server.script;
    },
    set script(next) {
      server.script = indexed(next);
    },
  };
}

function at(index: string, body: readonly object[]): ScriptedAnswer {
  return { headers: { 'x-consul-index': index }, body };
}

function ship(port: number): object {
  return {
    Node: { Node: 'n', Address: '10.0.0.1' },
    Service: { ID: `ships-${port}`, Service: 'ships', Port: port },
    Checks: [],
  };
}

function follow(t: TestContext, url: string, token?: string) {
  const clock = new FakeClock();
  const logger: RecordingLogger = recordingLogger();
  const { transport, isIdle } = countedTransport(nodeTransport());
  const discovery = discoveryFor(url, { clock, logger, transport, token, random: () => 0.5 });
  t.after(() => discovery.close());
  const told = (): string => {
    const { state, endpoints } = discovery.snapshot('ships');
    return `${state}: ${endpoints.map(({ port }) => port).join()}`;
  };
  return { discovery, clock, isIdle, logger, told };
}

test('waits for news with the index of the last answer, in the data centre and with the tags of the URL', async (t) => {
  const consul = await scriptedConsul(t, ({ query }) => (query.has('index') ? undefined : at('7', [ship(1)])));
  const harness = follow(t, `${consul.url}/?dc=west&tag=a&tag=b&stale`);
  await waitUntil('known', () => harness.told() === 'fresh: 1');
  harness.clock.advance(100);
  await waitUntil('asked again', () => consul.requests.length === 2);
  assert.deepEqual(
    consul.requests.map(({ target }) => target),
    ['', '&index=7&wait=30000ms'].map((more) => `/v1/health/service/ships?dc=west&tag=a&tag=b&stale=${more}`),
  );
});

test('an index of 0 waits all the same, and none at all is no answer of Consul', async (t) => {
  const consul = await scriptedConsul(t, ({ query }) => (query.has('index') ? undefined : at('0', [ship(1)])));
  const harness = follow(t, consul.url);
  await waitUntil('known', () => harness.told() === 'fresh: 1');
  harness.clock.advance(100);
  await waitUntil('asked again', () => consul.requests.length === 2);
  assert.match(consul.requests[1]?.target ?? '', /index=1&/);
  const other = await scriptedConsul(t, () => at('none', []));
  const lost = follow(t, other.url);
  lost.discovery.snapshot('ships');
  await advanceUntil('told', lost, () => lost.logger.messages('warn').length === 1);
  assert.equal(lost.told(), 'unknown: ');
});

test('a Consul that answers at once though nothing has changed is asked once a second, not in a storm', async (t) => {
  const consul = await scriptedConsul(t, () => ({ body: [ship(1)] }));
  const harness = follow(t, consul.url);
  harness.discovery.snapshot('ships');
  const startMs = harness.clock.monotonicMs();
  await advanceUntil('a minute', harness, () => harness.clock.monotonicMs() - startMs > 60_000);
  assert.ok(consul.requests.length > 50 && consul.requests.length < 65, String(consul.requests.length));
});

test('a Consul whose index went back has lost what it knew: its old instances stay in use until they are back', async (t) => {
  const consul = await scriptedConsul(t, () => at('300', [ship(1), ship(2)]));
  const harness = follow(t, consul.url);
  await waitUntil('known', () => harness.told() === 'fresh: 1,2');
  consul.script = () => at('12', []);
  await advanceUntil('stale', harness, () => harness.told() === 'stale: 1,2');
  consul.script = () => at('13', [ship(3), ship(2)]);
  await advanceUntil('a new one', harness, () => harness.told() === 'stale: 1,2,3');
  consul.script = () => at('14', [ship(3), ship(2), ship(1)]);
  await advanceUntil('all', harness, () => harness.told() === 'fresh: 1,2,3');
  consul.script = () => at('15', [ship(3)]);
  await advanceUntil('a removal', harness, () => harness.told() === 'fresh: 3');
});

test('shows its token, and logs it nowhere; what a token may not see is no empty list', async (t) => {
  const headers = { 'x-consul-results-filtered-by-acls': 'true' };
  const consul = await scriptedConsul(t, () => ({ headers, body: [] }));
  const harness = follow(t, consul.url, 'hunter2');
  harness.discovery.snapshot('ships');
  await advanceUntil('told', harness, () => harness.logger.messages('warn').length === 1);
  assert.equal(harness.told(), 'unknown: ');
  assert.equal(consul.requests[0]?.headers['x-consul-token'], 'hunter2');
  consul.script = () => ({ status: 403, body: 'Permission denied' });
  const denied = follow(t, consul.url, 'hunter2');
  denied.discovery.snapshot('ships');
  await advanceUntil('told', denied, () => denied.logger.messages('warn').length === 1);
  const lines = [...harness.logger.lines, ...denied.logger.lines];
  assert.match(JSON.stringify(denied.logger.lines), /Permission denied. Set REGISTRY_TOKEN/);
  assert.doesNotMatch(JSON.stringify(lines), /hunter2/);
});

test('of several agents the next is asked when one has no leader, answers 500, or is no Consul', async (t) => {
  const good = await scriptedConsul(t, ({ query }) => (query.has('index') ? undefined : { body: [ship(1)] }));
  for (const bad of [
    { status: 500, body: 'No cluster leader' },
    { headers: { 'x-consul-knownleader': 'false' }, body: [] },
    { status: 404, body: '<html>' },
    { body: 'not JSON' },
  ]) {
    const first = await scriptedConsul(t, () => bad);
    const harness = follow(t, `${first.url},${good.url}`);
    await advanceUntil('known', harness, () => harness.told() === 'fresh: 1');
  }
});

test('an agent that forgot the instance is told again, in each way that agents say so', async (t) => {
  for (const forgotten of [
    { status: 404, body: 'unknown service ID: ships-1' },
    { status: 500, body: 'CheckID "service:ships-1:lease" does not have associated TTL' },
    { status: 404, body: 'Unknown check ID "service:ships-1:lease". Ensure that the check ID is passed' },
  ]) {
    let registrations = 0;
    let token = '';
    const isLease = forgotten.body.includes('heck');
    const consul = await scriptedConsul(t, ({ path }) => {
      if (path.endsWith('/service/register')) registrations += 1;
      const isForgotten = registrations === 1 && path.includes(isLease ? '/check/pass/' : '/agent/service/ships-1');
      if (isForgotten) return forgotten;
      return { body: { Port: 9001, Address: '127.0.0.1', Meta: { 'flotilla-owner': token } } };
    });
    const clock = new FakeClock();
    const logger = recordingLogger();
    const { transport, isIdle } = countedTransport({
      ...nodeTransport(),
      send(call) {
        token = /"flotilla-owner":"([^"]+)"/.exec(call.body ?? '')?.[1] ?? token;
        return nodeTransport().send(call);
      },
    });
    const registrar = registrarFor(consul.url, { clock, logger, transport });
    const active = registrar.register({ name: 'ships', id: 'ships-1', address: '127.0.0.1', port: 9001 });
    await active.acknowledged;
    await advanceUntil('registered again', { clock, isIdle }, () => registrations === 2);
    await active.deregister(AbortSignal.timeout(10_000));
    assert.deepEqual(logger.messages('warn'), []);
  }
});

test('what Consul refuses is said in its words, once', async (t) => {
  const body = "Invalid Service Meta: Couldn't load metadata pair ('a.b', 'x'): Key contains invalid characters";
  const consul = await scriptedConsul(t, () => ({ status: 400, body }));
  const clock = new FakeClock();
  const logger = recordingLogger();
  const { transport, isIdle } = countedTransport(nodeTransport());
  const registrar = registrarFor(consul.url, { clock, logger, transport });
  const active = registrar.register({ name: 'ships', address: '127.0.0.1', port: 9001, metadata: { 'a.b': 'x' } });
  await advanceUntil('tried often', { clock, isIdle }, () => consul.requests.length > 5);
  assert.deepEqual(logger.messages('error'), [
    'the registry refuses this registration; correct what it names, and restart',
  ]);
  active.handOver();
});

test('a Consul with ACLs and an agent that others ask are told of, once, where they would mislead', async (t) => {
  let address = '10.0.0.5';
  let isDenied = true;
  const consul = await scriptedConsul(t, ({ path, query }) => {
    if (path === '/v1/agent/self') return isDenied ? { status: 403 } : { body: { Member: { Addr: address } } };
    return query.has('index') ? undefined : { body: [] };
  });
  const harness = follow(t, consul.url);
  for (const service of ['ships', 'boats']) await harness.discovery.whenKnown(service, AbortSignal.timeout(20_000));
  assert.deepEqual(harness.logger.messages('warn').length, 1);
  assert.match(JSON.stringify(harness.logger.lines), /Consul has ACLs and is shown no token/);
  const withToken = follow(t, consul.url, 'hunter2');
  await withToken.discovery.whenKnown('ships', AbortSignal.timeout(20_000));
  assert.deepEqual(withToken.logger.messages('warn'), []);

  isDenied = false;
  for (const [announced, agent, warnings] of [
    ['127.0.0.1', '10.0.0.5', 1],
    ['127.0.0.1', '127.0.0.1', 0],
    ['10.0.0.7', '10.0.0.5', 0],
  ] as const) {
    address = agent;
    const logger = recordingLogger();
    const registrar = registrarFor(consul.url, { logger, clock: new FakeClock() });
    const active = registrar.register({ name: 'ships', id: 'a', address: announced, port: 9001 });
    await active.acknowledged;
    assert.equal(logger.messages('warn').length, warnings, `${announced} at ${agent}`);
    active.handOver();
  }
});
