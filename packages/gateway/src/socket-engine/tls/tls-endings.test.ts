import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { answerEach, type RawUpstream, rawUpstream, type SecureEngine, secureEngine } from '@flotilla/conformance';
import { waitUntil } from '@flotilla/testing';
import { createSocketEngine } from '../socket-engine.ts';

const get = 'GET /ship/ HTTP/1.1\r\nHost: a.example\r\n\r\n';
const own = get.replace('/ship/', '/own');
const post = 'POST /ship/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\nhello';
const versions: readonly SecureVersion[] = ['TLSv1.2', 'TLSv1.3'];

/** A client within TLS, and the connection below. */
async function secureClient(
  engine: SecureEngine,
  version: SecureVersion,
): Promise<{ secured: TLSSocket; wire: Socket }> {
  const wire = connectTcp({ port: engine.port, host: '127.0.0.1', allowHalfOpen: true });
  wire.on('error', () => undefined);
  const secured = connect({ socket: wire, rejectUnauthorized: false, minVersion: version, maxVersion: version });
  secured.on('error', () => undefined);
  await once(secured, 'secureConnect');
  return { secured, wire };
}

async function underWay(upstream: RawUpstream): Promise<void> {
  await waitUntil('it is in progress', () => (upstream.connections[0]?.received.length ?? 0) > 0);
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a client over TLS that has closed its side', () => {
  for (const version of versions) {
    for (const [what, bytes] of [
      ['a request', get],
      ['a request with a body', post],
      ['a request of an aggregate', own],
    ] as const) {
      it(`gets its answer to ${what} over ${version}`, async () => {
        await using upstream = await rawUpstream(async (connection) => {
          await connection.request();
          await turns();
          connection.send('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}');
        });
        await using engine = await secureEngine(createSocketEngine, [upstream]);
        const { secured } = await secureClient(engine, version);
        let received = '';
        secured.on('data', (chunk: Buffer) => {
          received += chunk.toString();
        });
        secured.write(bytes);
        // With its goodbye, and still reading.
        secured.end();
        await once(secured, 'end');
        assert.match(received, /^HTTP\/1\.1 200 OK\r\n/);
        assert.match(received, /"a":1/);
        assert.match(received, /\r\nConnection: close\r\n/);
        assert.equal((await engine.finished(1))[0]?.ending, 'complete');
        await waitUntil('the connection has closed', () => engine.metric('gateway_client_connections') === 0);
        secured.destroy();
      });
    }
  }

  it('is noticed when it then leaves, and its upstream request is cancelled', async () => {
    for (const version of versions) {
      await using upstream = await rawUpstream();
      await using engine = await secureEngine(createSocketEngine, [upstream], {
        routes: [{ kind: 'proxy', match: '/ship/', service: 'ship', timeouts: { firstByteMs: 3_600_000 } }],
      });
      const { secured, wire } = await secureClient(engine, version);
      secured.write(get);
      await underWay(upstream);
      secured.end();
      await turns();
      assert.equal(engine.records.length, 0);
      wire.resetAndDestroy();
      await waitUntil('it is noticed', () => {
        engine.clock.advance(1_000);
        return engine.records.length === 1;
      });
      assert.equal(engine.records[0]?.ending, 'client-gone');
      await waitUntil(
        'the upstream is left',
        () => upstream.connections[0]?.peerEnded === true || upstream.connections[0]?.isClosed === true,
      );
    }
  });
});

describe('a client over TLS', () => {
  it('is noticed at once when it leaves while it waits', async () => {
    await using upstream = await rawUpstream();
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    const { secured, wire } = await secureClient(engine, 'TLSv1.3');
    secured.write(get);
    await underWay(upstream);
    wire.resetAndDestroy();
    assert.equal((await engine.finished(1))[0]?.ending, 'client-gone');
    await waitUntil('the connection has closed', () => engine.metric('gateway_client_connections') === 0);
  });

  it('gets one more answer when it says goodbye between two requests', async () => {
    await using upstream = await rawUpstream(answerEach('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    const { secured } = await secureClient(engine, 'TLSv1.3');
    let received = '';
    secured.on('data', (chunk: Buffer) => {
      received += chunk.toString();
    });
    secured.write(get);
    await waitUntil('it is answered', () => received.endsWith('ok'));
    secured.write(get);
    secured.end();
    await once(secured, 'end');
    assert.equal(received.match(/ 200 OK/g)?.length, 2);
    secured.destroy();
  });
});
