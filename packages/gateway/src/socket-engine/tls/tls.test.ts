import assert from 'node:assert/strict';
import { connect as connectTcp } from 'node:net';
import { describe, it } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { answerEach, RawClient, rawUpstream, type SecureEngine, secureEngine } from '@flotilla/conformance';
import { waitUntil } from '@flotilla/testing';
import { createSocketEngine } from '../socket-engine.ts';

const hello = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: a.example\r\n\r\n`;

/** A client within TLS, after its handshake. */
class SecureClient implements Disposable {
  readonly socket: TLSSocket;
  received = '';
  end: 'open' | 'ended' | 'reset' = 'open';

  private constructor(socket: TLSSocket) {
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.received += bytes.toString('latin1');
    });
    socket.on('end', () => {
      this.end = 'ended';
    });
    socket.on('error', () => {
      this.end = 'reset';
    });
  }

  static async connect(port: number, options: ConnectionOptions = {}): Promise<SecureClient> {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', () => resolve());
      socket.once('error', (error) => {
        socket.destroy();
        reject(error);
      });
    });
    return new SecureClient(socket);
  }

  /** The common name of the certificate that the server has shown. */
  get certificate(): string | string[] | undefined {
    return this.socket.getPeerCertificate().subject.CN;
  }

  async receive(text: string): Promise<string> {
    await waitUntil(`${JSON.stringify(text)} has come`, () => this.received.includes(text));
    const { received } = this;
    this.received = '';
    return received;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

async function connectionsGone(engine: SecureEngine): Promise<void> {
  await waitUntil('no connection is left', () => engine.metric('gateway_client_connections') === 0);
}

describe('HTTP/1.1 over TLS', () => {
  it('is served like plain HTTP, with the scheme https', async () => {
    await using upstream = await rawUpstream(answerEach(hello));
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using client = await SecureClient.connect(engine.port);
    client.socket.write(get('/ship/1'));
    assert.match(await client.receive('hello'), /^HTTP\/1\.1 200 OK\r\n/);
    // Two at once, the second in two pieces, with a body.
    client.socket.write(`${get('/ship/2')}POST /ship/3 HTTP/1.1\r\nHost: a.example\r\nTransfer-Enc`);
    client.socket.write('oding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n');
    await engine.finished(3);
    client.socket.write(`GET /ship/4 HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n`);
    await waitUntil('the answers have come and the connection has ended', () => client.end !== 'open');
    assert.equal(client.end, 'ended');
    assert.equal(client.received.match(/HTTP\/1\.1 200 OK/g)?.length, 3);
    const received = upstream.connections[0]?.received.toString() ?? '';
    assert.match(received, /\r\nX-Forwarded-Proto: https\r\n/);
    assert.match(received, /;proto=https\r\n/);
    const records = await engine.finished(4);
    assert.deepEqual(
      records.map(({ head, status }) => [head?.httpVersion, head?.scheme, head?.target, status]),
      [1, 2, 3, 4].map((id) => ['1.1', 'https', `/ship/${id}`, 200]),
    );
    await connectionsGone(engine);
  });

  it('carries large bodies in both directions', async () => {
    const size = 3_000_000;
    await using upstream = await rawUpstream(async (connection) => {
      const request = await connection.request();
      connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
      connection.send(request?.body ?? '');
    });
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using client = await SecureClient.connect(engine.port);
    client.socket.write(`POST /ship/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: ${size}\r\n\r\n`);
    client.socket.write(Buffer.alloc(size, 'y'));
    await waitUntil('all has come', () => client.received.length > size);
    assert.equal(client.received.slice(client.received.indexOf('\r\n\r\n') + 4), 'y'.repeat(size));
  });

  it('lets a client notice that an answer has broken off', async () => {
    for (const head of ['Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', 'Connection: close\r\n\r\nabc']) {
      await using upstream = await rawUpstream(async (connection) => {
        await connection.request();
        connection.send(`HTTP/1.1 200 OK\r\n${head}`);
        await connection.receive('never');
      });
      await using engine = await secureEngine(createSocketEngine, [upstream]);
      using client = await SecureClient.connect(engine.port);
      client.socket.write(get('/ship/'));
      await client.receive('abc');
      upstream.connections[0]?.reset();
      await waitUntil('the connection is cut', () => client.end !== 'open');
      assert.equal(client.end, 'reset');
      assert.equal((await engine.finished(1))[0]?.ending, 'broken');
    }
  });
});

describe('the TLS handshake', () => {
  it('chooses the protocol', async () => {
    await using engine = await secureEngine(createSocketEngine, []);
    const choices: [string[] | undefined, string | false][] = [
      [['h2', 'http/1.1'], 'h2'],
      [['http/1.1', 'h2'], 'h2'],
      [['http/1.1'], 'http/1.1'],
      [undefined, false],
    ];
    for (const [offered, chosen] of choices) {
      using client = await SecureClient.connect(engine.port, offered === undefined ? {} : { ALPNProtocols: offered });
      assert.equal(client.socket.alpnProtocol, chosen);
    }
    await assert.rejects(SecureClient.connect(engine.port, { ALPNProtocols: ['spdy/3'] }));
    await assert.rejects(
      SecureClient.connect(engine.port, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    );
    await connectionsGone(engine);
  });

  it('is cut when it is not complete in time, even after a long silence of all others', async () => {
    await using engine = await secureEngine(createSocketEngine, []);
    await engine.clock.advanceAsync(3_600_000);
    using client = await RawClient.connect(engine.port);
    // The beginning of a handshake, and no more.
    client.send(Buffer.from([0x16, 0x03, 0x01]));
    await waitUntil('it is accepted', () => engine.metric('gateway_client_connections') === 1);
    await engine.clock.advanceAsync(9_000);
    assert.equal(engine.metric('gateway_client_connections'), 1);
    await engine.clock.advanceAsync(1_100);
    await client.ended();
    await connectionsGone(engine);
  });

  it('ends at once with a client that does not speak TLS or has left', async () => {
    await using engine = await secureEngine(createSocketEngine, []);
    using plain = await RawClient.connect(engine.port);
    plain.send(get('/ship/'));
    await plain.ended();
    const leaving = connectTcp(engine.port, '127.0.0.1', () => leaving.end(Buffer.from([0x16])));
    leaving.on('error', () => undefined);
    leaving.resume();
    await waitUntil('its end is answered', () => leaving.readableEnded || leaving.destroyed);
    const resetting = connectTcp(engine.port, '127.0.0.1', () => resetting.resetAndDestroy());
    await waitUntil('it has reset', () => resetting.destroyed);
    await connectionsGone(engine);
    assert.deepEqual(engine.records, []);
  });

  it('may finish briefly while the engine stops', async () => {
    await using engine = await secureEngine(createSocketEngine, []);
    using client = await RawClient.connect(engine.port);
    await waitUntil('it is accepted', () => engine.metric('gateway_client_connections') === 1);
    const drained = engine.gateway.drain(new AbortController().signal);
    await engine.clock.advanceAsync(500);
    assert.equal(engine.metric('gateway_client_connections'), 1);
    await engine.clock.advanceAsync(600);
    await drained;
    await client.ended();
  });

  it('happens once: anything but TLS after it ends the connection', async () => {
    await using engine = await secureEngine(createSocketEngine, []);
    for (const protocol of ['http/1.1', 'h2']) {
      const below = connectTcp(engine.port, '127.0.0.1');
      const socket = connect({ socket: below, rejectUnauthorized: false, ALPNProtocols: [protocol] });
      socket.on('error', () => undefined);
      await new Promise<void>((resolve) => socket.once('secureConnect', () => resolve()));
      await waitUntil('it is accepted', () => engine.metric('gateway_client_connections') === 1);
      below.write(Buffer.alloc(500, 0x17));
      await connectionsGone(engine);
      socket.destroy();
    }
  });
});

describe('the TLS certificate', () => {
  it('is reloaded for new connections when the files change, while old connections continue', async () => {
    await using upstream = await rawUpstream(answerEach(hello));
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using old = await SecureClient.connect(engine.port);
    assert.equal(old.certificate, 'first');
    await engine.certificate.replace('second');
    await engine.clock.advanceAsync(2_000);
    await waitUntil('it is read', () => engine.messages.includes('TLS certificate reloaded'));
    using fresh = await SecureClient.connect(engine.port);
    assert.equal(fresh.certificate, 'second');
    for (const client of [old, fresh]) {
      client.socket.write(get('/ship/'));
      await client.receive('hello');
    }
  });

  it('stays the previous one while the files contain none that works, which is logged once', async () => {
    await using engine = await secureEngine(createSocketEngine, []);
    const complaint = 'cannot use the changed TLS certificate; still using the previous one';
    const complaints = (): number => engine.messages.filter((message) => message === complaint).length;
    for (const [at, text] of ['not a certificate', undefined].entries()) {
      await engine.certificate.spoil(text);
      // Each look sees the same files, and is over before the next.
      for (let look = 0; look < 3; look += 1) {
        await engine.clock.advanceAsync(2_000);
        await waitUntil('it was looked at', () => complaints() > at && engine.clock.pendingDelaysMs.length > 0);
      }
      assert.equal(complaints(), at + 1);
      using client = await SecureClient.connect(engine.port);
      assert.equal(client.certificate, 'first');
    }
    await engine.certificate.replace('third');
    await engine.clock.advanceAsync(2_000);
    await waitUntil('it is read', () => engine.messages.includes('TLS certificate reloaded'));
    using client = await SecureClient.connect(engine.port);
    assert.equal(client.certificate, 'third');
  });
});
