import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import type { FakeConnection } from '../../fake-connection.ts';
import type { RawClient } from '../../raw-client.ts';
import type { RawRequest } from '../../raw-request.ts';
import { rawUpstream } from '../../raw-upstream.ts';
import { get, ok, startEngine } from './engine-harness.ts';
import { webSocketOffer, webSocketSwitch } from './web-socket.ts';

const challenge = (value: string): string =>
  `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: ${value}\r\nContent-Length: 0\r\n\r\n`;

/**
 * A service that knows its users by their connections, as NTLM does: the second message of a login must be answered on
 * the connection it was given on, and all that comes on a connection afterwards is the user's.
 */
async function knowsConnections(connection: FakeConnection): Promise<void> {
  let user = 'nobody';
  let nonce = '';
  for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
    const [, step, token = ''] = /^NTLM (\S+) ?(.*)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
    if (step === 'hello') {
      nonce = String(connection.remotePort);
      connection.send(challenge(`NTLM ${nonce}`));
      continue;
    }
    if (step === nonce && nonce !== '') user = token;
    connection.send(user === 'nobody' ? challenge('NTLM') : ok(user, 'Persistent-Auth: true\r\n'));
  }
  connection.end();
}

async function ask(client: RawClient, fields = '', target = '/ship/'): Promise<string> {
  client.send(get(target, fields));
  const answer = await client.response();
  return `${answer?.status} ${answer?.body}${answer?.values('www-authenticate').join() ?? ''}`;
}

/** The first two messages of a login; what the third has to say. */
async function beginLogin(client: RawClient): Promise<string> {
  assert.equal(await ask(client), '401 NTLM');
  const [, nonce = ''] = /^401 NTLM (\d+)$/.exec(await ask(client, 'Authorization: NTLM hello\r\n')) ?? [];
  assert.notEqual(nonce, '');
  return nonce;
}

async function logIn(client: RawClient, user: string): Promise<void> {
  const nonce = await beginLogin(client);
  assert.equal(await ask(client, `authorization: ntlm ${nonce} ${user}\r\n`), `200 ${user}`);
}

/** Logins that belong to the connection they came on (NTLM, Negotiate). */
export function loginTests(createEngine: CreateEngine): void {
  test('a login sends its messages on one connection, and identifies the client there, whoever else comes', async () => {
    await using one = await rawUpstream(knowsConnections);
    await using other = await rawUpstream(knowsConnections);
    await using engine = await startEngine(createEngine, [one, other]);
    const clients = await Promise.all(
      ['ann', 'ben', 'cem', 'dee'].map(async (user) => ({ user, client: await engine.connect() })),
    );
    await Promise.all(clients.map(({ client, user }) => logIn(client, user)));
    const stranger = await engine.connect();
    for (let round = 0; round < 3; round++) {
      for (const { client, user } of clients) assert.equal(await ask(client), `200 ${user}`);
      assert.equal(await ask(stranger), '401 NTLM');
    }
    assert.equal(one.connections.length + other.connections.length, 5);
  });

  for (const [what, fields, answer] of [
    ['a challenge', '', challenge('NTLM')],
    ['a challenge among others', '', challenge('Basic realm="a, b", nEGOTIATE')],
    ['a challenge in a separate field', '', challenge('Basic realm="a"\r\nWWW-Authenticate: Kerberos')],
    ['a challenge that is passed on by a proxy', '', challenge('Basic\r\nProxy-Authenticate: Negotiate')],
    ['credentials', 'Authorization: negotiate YIIabc==\r\n', ok('')],
    ['credentials that are refused', 'Authorization: NTLM TlRM\r\n', challenge('Basic')],
  ] as const) {
    test(`after ${what} no other client gets the connection, and it closes with its own`, async () => {
      await using upstream = await rawUpstream(async (connection, index) => {
        for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
          connection.send(index === 0 ? answer : ok('another'));
        }
        connection.end();
      });
      await using engine = await startEngine(createEngine, [upstream]);
      const client = await engine.connect();
      await ask(client, fields);
      const second = await engine.connect();
      assert.equal(await ask(second), '200 another');
      await ask(client);
      assert.equal(upstream.connections.length, 2);
      assert.equal(upstream.connections[0]?.peerEnded, false);
      client.end();
      await waitUntil('it is closed', () => upstream.connections[0]?.peerEnded === true);
      assert.equal(await ask(second), '200 another');
      assert.equal(upstream.connections.length, 2);
    });
  }

  test('other schemes leave connections to everybody', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
        connection.send(challenge('Bearer realm="NTLM", Basic realm="negotiate"'));
      }
    });
    await using engine = await startEngine(createEngine, [upstream]);
    for (const credentials of ['Basic TlRMTSBh', 'Bearer Negotiate', 'Digest username="NTLM"']) {
      const client = await engine.connect();
      await ask(client, `Authorization: ${credentials}\r\n`);
    }
    assert.equal(upstream.connections.length, 1);
  });

  test('when the upstream closes a connection with a login, the client learns that it has lost it', async () => {
    await using upstream = await rawUpstream(knowsConnections);
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    await beginLogin(client);
    upstream.connections[0]?.end();
    assert.equal(await client.ended(), 'ended');
  });

  test('an answer after which the upstream closes is the last for the client, too', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send(challenge('NTLM abc\r\nConnection: close'));
      connection.end();
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', 'Authorization: NTLM hello\r\n'));
    const answer = await client.response();
    assert.deepEqual([answer?.status, answer?.values('connection')], [401, ['close']]);
    assert.equal(await client.ended(), 'ended');
  });

  test('a login message that finds its connection broken is not tried elsewhere', async () => {
    const login = (request: RawRequest | undefined): boolean => request?.headers.has('authorization') === true;
    let broken = 0;
    const breaks = async (connection: FakeConnection): Promise<void> => {
      connection.send((await connection.request()) === undefined ? '' : challenge('NTLM abc'));
      if (login(await connection.request())) broken += 1;
      connection.reset();
    };
    await using one = await rawUpstream(breaks);
    await using other = await rawUpstream(breaks);
    await using engine = await startEngine(createEngine, [one, other]);
    const client = await engine.connect();
    assert.match(await ask(client, 'Authorization: NTLM hello\r\n'), /^401/);
    client.send(get('/ship/', 'Authorization: NTLM abc\r\n'));
    const answer = await client.response();
    assert.deepEqual([answer?.status, answer?.values('connection')], [502, ['close']]);
    assert.equal(broken, 1);
    assert.equal(engine.records.at(-1)?.attempts, 1);
    await client.ended();
  });

  test('a login makes room when no connection is left for a request', async () => {
    await using upstream = await rawUpstream(knowsConnections);
    await using engine = await startEngine(createEngine, [upstream], {
      limits: { connectionsPerUpstream: 2 },
    });
    const idle = await engine.connect();
    await logIn(idle, 'ann');
    const next = await engine.connect();
    await logIn(next, 'ben');
    const third = await engine.connect();
    assert.equal(await ask(third), '401 NTLM');
    assert.equal(await idle.ended(), 'ended');
    assert.equal(await ask(next), '200 ben');
  });

  test('an instance that leaves discovery takes its logins with it', async () => {
    await using upstream = await rawUpstream(knowsConnections);
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    await logIn(client, 'ann');
    engine.discovery.set('ship', []);
    assert.equal(await client.ended(), 'ended');
    await waitUntil('it is left', () => upstream.connections[0]?.peerEnded === true);
  });

  test('a part of an aggregate keeps no connection with a login', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
        connection.send(ok('{}').replace('text/plain', 'application/json'));
      }
      connection.end();
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    assert.equal(await ask(client, 'Authorization: Negotiate YII\r\n', '/both'), '200 {"a":{},"b":{}}');
    await waitUntil('both are closed', () => upstream.connections.every(({ peerEnded }) => peerEnded));
    assert.equal(upstream.connections.length, 2);
  });

  test('a login and a switch of protocols work together', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
        connection.send(request.target.endsWith('ws') ? webSocketSwitch : challenge('NTLM'));
      }
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    await ask(client);
    client.send(get('/ship/ws', webSocketOffer));
    assert.equal((await client.response())?.status, 101);
    // On its own connection, which is now the tunnel's.
    assert.equal(upstream.connections.length, 1);
    client.send('hello');
    await waitUntil('it has passed', () => upstream.connections[0]?.received.toString().endsWith('hello') === true);
  });
}
