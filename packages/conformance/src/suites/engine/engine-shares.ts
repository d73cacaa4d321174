import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine, GatewayConfig } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import type { RawClient, RawResponse } from '../../raw-client.ts';
import { type RawUpstream, rawUpstream } from '../../raw-upstream.ts';
import { type EngineHarness, get, ok, startEngine } from './engine-harness.ts';
import { webSocketOffer, webSocketSwitch } from './web-socket.ts';

const events = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n:\r\n\r\n';

/** Answers by the target: opens WebSockets and streams, begins downloads, leaves `/wait` alone. */
function manySided(): Promise<RawUpstream> {
  return rawUpstream(async (connection) => {
    for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
      const { target } = request;
      if (target.endsWith('/ws')) connection.send(webSocketSwitch);
      else if (target.endsWith('/events')) connection.send(events);
      else if (target.endsWith('/download')) connection.send('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nx');
      else if (!target.endsWith('/wait')) connection.send(ok(target));
    }
  });
}

async function ask(engine: EngineHarness, target: string, fields = ''): Promise<RawClient> {
  const client = await engine.connect();
  client.send(get(target, fields));
  return client;
}

async function begun(engine: EngineHarness, target: string, fields = ''): Promise<RawClient> {
  const client = await ask(engine, target, fields);
  await waitUntil(`${target} has begun`, () => client.rest.includes('\r\n\r\n'));
  return client;
}

async function refused(client: RawClient, limit: string): Promise<RawResponse | undefined> {
  const answer = await client.response();
  assert.equal(answer?.status, 503);
  assert.match(answer.body, new RegExp(`limit \\\\"${limit}\\\\" \\(`));
  assert.equal(answer.values('retry-after').length, 1);
  return answer;
}

const behindProxy: Partial<GatewayConfig> = { trustedProxies: ['127.0.0.1'] };
const from = (address: string): string => `X-Forwarded-For: ${address}\r\n`;

/** What lives long and what one client holds takes nothing from the others. */
export function shareTests(createEngine: CreateEngine): void {
  test('tunnels take no connection from plain requests; one too many is refused, and the instance is not blamed', async () => {
    await using upstream = await manySided();
    const limits = { connectionsPerUpstream: 1, longLivedPerUpstream: 2, clientShare: 1 };
    await using engine = await startEngine(createEngine, [upstream], { limits });
    const tunnels = [await begun(engine, '/ship/ws', webSocketOffer), await begun(engine, '/ship/ws', webSocketOffer)];
    const answer = await refused(await ask(engine, '/ship/ws', webSocketOffer), 'longLivedPerUpstream');
    assert.match(answer?.body ?? '', /for the service \\"ship\\"/);
    assert.equal((await (await ask(engine, '/ship/plain')).response())?.status, 200);
    assert.match(engine.metrics(), /gateway_long_lived_exchanges 2\n/);
    assert.match(engine.metrics(), /gateway_upstreams\{service="ship",state="available"\} 1/);
    tunnels[0]?.reset();
    await waitUntil('one is over', () => engine.metrics().includes('gateway_long_lived_exchanges 1\n'));
    await begun(engine, '/ship/ws', webSocketOffer);
  });

  test('a tunnel that has no room at one instance goes to another', async () => {
    await using first = await manySided();
    await using second = await manySided();
    const limits = { longLivedPerUpstream: 1, clientShare: 1 };
    await using engine = await startEngine(createEngine, [first, second], { limits });
    for (let count = 0; count < 2; count += 1) await begun(engine, '/ship/ws', webSocketOffer);
    await refused(await ask(engine, '/ship/ws', webSocketOffer), 'longLivedPerUpstream');
    assert.deepEqual([first.connections.length, second.connections.length], [1, 1]);
  });

  test('streams of events count like tunnels, in total and per client', async () => {
    await using upstream = await manySided();
    const limits = { connectionsPerUpstream: 1, longLived: 3, longLivedPerClient: 2, clientShare: 1 };
    await using engine = await startEngine(createEngine, [upstream], { ...behindProxy, limits });
    await begun(engine, '/ship/events', from('2001:db8:1:2::1'));
    await begun(engine, '/ship/ws', from('2001:db8:1:2::2') + webSocketOffer);
    await refused(await ask(engine, '/ship/events', from('2001:db8:1:2:ffff::3')), 'longLivedPerClient');
    const third = await begun(engine, '/ship/events', from('2001:db8:1:3::1'));
    await refused(await ask(engine, '/ship/events', from('192.0.2.1')), 'longLived');
    assert.equal((await (await ask(engine, '/ship/plain', from('192.0.2.1'))).response())?.status, 200);
    third.reset();
    await waitUntil('one is over', () => engine.metrics().includes('gateway_long_lived_exchanges 2\n'));
    await begun(engine, '/ship/events', from('192.0.2.1'));
  });

  test('a body that still flows after a while gives its place to plain requests', async () => {
    await using upstream = await manySided();
    const limits = { connectionsPerUpstream: 1, clientShare: 1 };
    await using engine = await startEngine(createEngine, [upstream], { limits });
    await begun(engine, '/ship/download');
    const early = await ask(engine, '/ship/plain');
    await waitUntil('it waits', () => /requests_in_flight\{service="ship"\} 2/.test(engine.metrics()));
    await engine.clock.advanceAsync(1_200);
    await refused(early, 'connectionsPerUpstream');
    await engine.clock.advanceAsync(4_000);
    assert.equal((await (await ask(engine, '/ship/plain')).response())?.status, 200);
  });

  test('a request that its instance is silent about keeps its place, however long', async () => {
    await using upstream = await manySided();
    const limits = { connectionsPerUpstream: 1, clientShare: 1 };
    await using engine = await startEngine(createEngine, [upstream], { limits });
    await ask(engine, '/ship/wait');
    await waitUntil('it is in progress', () => upstream.connections[0]?.received.includes('/wait') === true);
    await engine.clock.advanceAsync(8_000);
    const other = await ask(engine, '/ship/plain');
    await waitUntil('it waits', () => /requests_in_flight\{service="ship"\} 2/.test(engine.metrics()));
    await engine.clock.advanceAsync(1_200);
    await refused(other, 'connectionsPerUpstream');
  });

  test('a client with its full share of the connections waits for its own, and the others are served', async () => {
    await using upstream = await manySided();
    const limits = { connectionsPerUpstream: 2 };
    await using engine = await startEngine(createEngine, [upstream], { ...behindProxy, limits });
    await ask(engine, '/ship/wait', from('2001:db8:1:2::1'));
    await waitUntil('it is in progress', () => upstream.connections[0]?.received.includes('/wait') === true);
    const [second, third] = [
      await ask(engine, '/ship/2', from('2001:db8:1:2::2')),
      await ask(engine, '/ship/3', from('2001:db8:1:2::3')),
    ];
    await waitUntil('they wait', () => /requests_in_flight\{service="ship"\} 3/.test(engine.metrics()));
    for (let count = 0; count < 3; count += 1) {
      assert.equal((await (await ask(engine, '/ship/x', from('192.0.2.1'))).response())?.body, '/ship/x');
    }
    upstream.connections[0]?.send(ok('done'));
    assert.equal((await second.response())?.body, '/ship/2');
    assert.equal((await third.response())?.body, '/ship/3');
    await ask(engine, '/ship/wait', from('2001:db8:1:2::1'));
    await waitUntil('it is in progress', () => /requests_in_flight\{service="ship"\} 1/.test(engine.metrics()));
    const late = await ask(engine, '/ship/late', from('2001:db8:1:2::1'));
    await waitUntil('it waits', () => /requests_in_flight\{service="ship"\} 2/.test(engine.metrics()));
    await engine.clock.advanceAsync(1_200);
    await refused(late, 'clientShare');
    assert.equal(upstream.connections.length, 2);
  });

  test('the parts of an aggregate count towards the share of its client', async () => {
    await using upstream = await rawUpstream();
    const limits = { connectionsPerUpstream: 4 };
    await using engine = await startEngine(createEngine, [upstream], { ...behindProxy, limits });
    await ask(engine, '/both', from('192.0.2.1'));
    await waitUntil('both parts are asked for', () => upstream.connections.length === 2);
    const more = await ask(engine, '/both', from('192.0.2.1'));
    await waitUntil('they wait', () => /requests_in_flight\{service="ship"\} 4/.test(engine.metrics()));
    await engine.clock.advanceAsync(1_200);
    await refused(more, 'clientShare');
    await ask(engine, '/ship/wait', from('192.0.2.2'));
    await waitUntil('another is served', () => upstream.connections.length === 3);
  });

  test('a connection that has become a tunnel leaves its place to another client', async () => {
    await using upstream = await manySided();
    const limits = { connections: 2, connectionsPerClient: 1 };
    await using engine = await startEngine(createEngine, [upstream], { limits });
    await begun(engine, '/ship/ws', webSocketOffer);
    await begun(engine, '/ship/events');
    const plain = await begun(engine, '/ship/plain');
    await refused(await engine.connect(), 'connectionsPerClient');
    plain.reset();
    await waitUntil('it has left', () => engine.metrics().includes('gateway_client_connections 2\n'));
    await begun(engine, '/ship/plain');
  });
}
