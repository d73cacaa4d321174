import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { describe, it } from 'node:test';
import {
  answerEach,
  frameFlag,
  frameType,
  RawHttp2Client,
  type RawUpstream,
  rawUpstream,
  type SecureEngine,
  secureEngine,
} from '@flotilla/conformance';
import { waitUntil } from '@flotilla/testing';
import { createSocketEngine } from '../socket-engine.ts';

const usual = [':method', 'GET', ':scheme', 'https', ':path', '/ship/', ':authority', 'a.example'];
const hello = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';

/** The usual fields with another value for one of them, or without it. */
function withField(name: string, value?: string): string[] {
  const at = usual.indexOf(name);
  return value === undefined ? usual.toSpliced(at, 2) : usual.with(at + 1, value);
}

/** A request whose body is passed on as it comes. */
const uploading = withField(':method', 'POST').with(usual.indexOf(':path') + 1, '/flow/');

/** The upstream has seen these requests by now, each on one line. */
function requestLines(upstream: RawUpstream): string[] {
  const received = upstream.connections.map((connection) => connection.received.toString('latin1')).join('');
  return received.split('\r\n').filter((line) => line.endsWith(' HTTP/1.1'));
}

async function connectionsGone(engine: SecureEngine): Promise<void> {
  await waitUntil('no connection is left', () => engine.metric('gateway_client_connections') === 0);
}

describe('a request over HTTP/2 that breaks a rule', () => {
  it('gets its status, reaches no upstream, and does not affect the session', async () => {
    await using upstream = await rawUpstream(answerEach(hello));
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using client = await RawHttp2Client.connect(engine.port);
    const cases: [string[], number][] = [
      [[...usual, 'host', 'b.example'], 400],
      [withField(':authority', 'a.example:x'), 400],
      [withField(':path', '/ship/%zz'), 400],
      [withField(':path', '/ship/..%2fx'), 400],
      [withField(':method', 'TRACE'), 501],
      [withField(':method', 'BREW'), 501],
      [withField(':scheme', 'http'), 400],
      [withField(':path', `/ship/${'a'.repeat(3_000)}`), 414],
      [[...usual, 'x', 'a'.repeat(10_000)], 431],
      [[...usual, ...Array.from({ length: 60 }, (_, at) => [`x-${at}`, 'a']).flat()], 431],
      [[':method', 'CONNECT', ':authority', 'a.example:443'], 501],
      [[...usual, 'expect', 'x'], 417],
    ];
    for (const [at, [fields]] of cases.entries()) {
      client.sendHead(2 * at + 1, fields);
      await client.frame(frameType.headers, 2 * at + 1);
    }
    const records = await engine.finished(cases.length);
    assert.deepEqual(
      records.map(({ status }) => status),
      cases.map(([, status]) => status),
    );
    assert.deepEqual(requestLines(upstream), []);
    client.sendHead(101, usual);
    await client.frame(frameType.data, 101);
    assert.deepEqual(requestLines(upstream), ['GET /ship/ HTTP/1.1']);
  });

  it('is reset when it is malformed as HTTP/2', async () => {
    await using upstream = await rawUpstream(answerEach(hello));
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    const cases = [
      [...usual, 'connection', 'close'],
      [...usual, 'transfer-encoding', 'chunked'],
      [...usual, 'keep-alive', 'x'],
      [...usual, 'proxy-connection', 'x'],
      [...usual, 'upgrade', 'h2c'],
      [...usual, 'te', 'gzip'],
      [...usual, 'X-Upper', 'a'],
      [...usual, ':path', '/b'],
      [...usual, 'x', 'a', ':authority', 'b'],
      [...usual, 'content-length', '5'],
      [...usual, 'content-length', '0', 'content-length', '0'],
      [...usual, ':protocol', 'websocket'],
      withField(':path'),
      withField(':path', ''),
      withField(':path', 'http://b.example/'),
      withField(':path', '/ship/ HTTP/1.1\r\nx: y'),
      withField(':method'),
      withField(':method', 'GET /'),
      withField(':scheme'),
      withField(':authority', 'a\r\nx: y'),
      withField(':authority', 'user@a.example'),
    ];
    for (const fields of cases) {
      using client = await RawHttp2Client.connect(engine.port);
      client.sendHead(1, fields);
      const refused = (): boolean =>
        client.isClosed || client.frames.some(({ type }) => type === frameType.reset || type === frameType.goaway);
      await waitUntil(`refused: ${JSON.stringify(fields.slice(-4))}`, refused);
    }
    assert.deepEqual(requestLines(upstream), []);
    assert.deepEqual(engine.records, []);
  });

  it('is refused when a value has surrounding white space, which HTTP/1.1 would strip', async () => {
    await using upstream = await rawUpstream(answerEach(hello));
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using client = await RawHttp2Client.connect(engine.port);
    for (const [at, value] of [' a', 'a ', '\ta', 'a\t', ' '].entries()) {
      client.sendHead(2 * at + 1, [...usual, 'x', value]);
      await client.frame(frameType.headers, 2 * at + 1);
    }
    const records = await engine.finished(5);
    assert.deepEqual(new Set(records.map(({ status }) => status)), new Set([400]));
    assert.deepEqual(requestLines(upstream), []);
    client.sendHead(101, withField(':method', 'POST'), { endStream: false });
    client.sendHead(101, ['x', 'a ']);
    assert.equal((await engine.finished(6))[5]?.status, 400);
  });

  it('cannot inject a line into the upstream request', async () => {
    await using upstream = await rawUpstream(answerEach(hello));
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using client = await RawHttp2Client.connect(engine.port);
    const values = [
      'a\r\nx-evil: 1',
      'a\nx-evil: 1',
      'a\rx-evil: 1',
      'a\0x-evil: 1',
      'a\r\n\r\nGET /evil HTTP/1.1\r\n\r\n',
    ];
    const names = ['x\r\nx-evil: 1\r\ny', 'x: 1\r\nx-evil', 'x\0', 'x y'];
    const all = [...values.map((value) => ['x', value]), ...names.map((name) => [name, 'a'])];
    for (const [at, fields] of all.entries()) client.sendHead(2 * at + 1, [...usual, ...fields]);
    client.sendHead(101, withField(':path', '/ship/last'));
    await client.frame(frameType.data, 101);
    const received = upstream.connections.map((connection) => connection.received.toString('latin1')).join('');
    assert.doesNotMatch(received, /evil/);
    assert.ok(requestLines(upstream).every((line) => /^GET \/ship\/(?:last)? HTTP\/1\.1$/.test(line)));
  });

  it('has a body that fits its length, or is abandoned', async () => {
    await using upstream = await rawUpstream();
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using client = await RawHttp2Client.connect(engine.port);
    client.sendHead(1, [...withField(':method', 'POST'), 'content-length', '5'], { endStream: false });
    client.sendData(1, 'abcdefgh', true);
    // Node ends the whole session for it.
    await client.closed();
    const [record] = await engine.finished(1);
    assert.equal(record?.ending, 'client-gone');
    assert.doesNotMatch(upstream.connections[0]?.received.toString() ?? '', /abc/);
  });

  it('does not count as complete when it is reset without an error', async () => {
    await using upstream = await rawUpstream();
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using client = await RawHttp2Client.connect(engine.port);
    client.sendHead(1, uploading, { endStream: false });
    client.sendData(1, 'abc', false);
    await waitUntil('it has begun', () => /abc/.test(upstream.connections[0]?.received.toString() ?? ''));
    client.reset(1, 0);
    const [record] = await engine.finished(1);
    assert.equal(record?.ending, 'client-gone');
    assert.doesNotMatch(upstream.connections[0]?.received.toString() ?? '', /\r\n0\r\n/);
  });
});

describe('an HTTP/2 session', () => {
  it('ends after its idle time, but not while a request is in progress', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      await connection.receive('never');
    });
    await using engine = await secureEngine(createSocketEngine, [upstream], {
      timeouts: { keepAliveIdleMs: 5_000 },
      routes: [{ kind: 'proxy', match: '/ship/', service: 'ship', timeouts: { firstByteMs: 8_000, totalMs: 20_000 } }],
    });
    using client = await RawHttp2Client.connect(engine.port);
    client.sendHead(1, usual);
    await waitUntil('it has begun', () => requestLines(upstream).length === 1);
    await engine.clock.advanceAsync(7_000);
    assert.equal(client.isClosed, false);
    await engine.clock.advanceAsync(2_000);
    assert.equal((await engine.finished(1))[0]?.status, 504);
    await client.frame(frameType.data, 1);
    // Its time began between 8 and 9 s.
    await engine.clock.advanceAsync(3_900);
    assert.equal(
      client.frames.some(({ type }) => type === frameType.goaway),
      false,
    );
    await engine.clock.advanceAsync(1_300);
    await client.frame(frameType.goaway, 0);
    await client.closed();
  });

  it('is cut when its client stays after the session has ended', async () => {
    await using engine = await secureEngine(createSocketEngine, []);
    using client = await RawHttp2Client.connect(engine.port);
    await client.frame(frameType.settings, 0);
    client.stall();
    await engine.clock.advanceAsync(75_100);
    await engine.clock.advanceAsync(1_100);
    await connectionsGone(engine);
  });

  it('accepts no new request while draining, and lets those in progress finish', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.receive('never');
    });
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using client = await RawHttp2Client.connect(engine.port);
    client.sendHead(1, usual);
    await waitUntil('it has begun', () => requestLines(upstream).length === 1);
    let drained = false;
    const drain = engine.gateway.drain(new AbortController().signal).then(() => {
      drained = true;
    });
    const goaway = await client.frame(frameType.goaway, 0);
    assert.deepEqual([goaway.payload.readUInt32BE(0), goaway.payload.readUInt32BE(4)], [1, 0]);
    client.sendHead(3, usual);
    assert.equal(drained, false);
    upstream.connections[0]?.send(hello);
    await client.frame(frameType.data, 1);
    await client.closed();
    await drain;
    assert.deepEqual(
      engine.records.map(({ status }) => status),
      [200],
    );
    assert.equal(requestLines(upstream).length, 1);
  });

  it('that ends on one side has left', async () => {
    await using upstream = await rawUpstream();
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using client = await RawHttp2Client.connect(engine.port);
    client.sendHead(1, usual);
    await waitUntil('it has begun', () => requestLines(upstream).length === 1);
    client.end();
    assert.equal((await engine.finished(1))[0]?.ending, 'client-gone');
    await connectionsGone(engine);
  });

  it('whose client does not read an answer abandons it', async () => {
    await using upstream = await rawUpstream(
      answerEach(`HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n${'x'.repeat(9_000)}`),
    );
    await using engine = await secureEngine(createSocketEngine, [upstream], {
      timeouts: { writeProgressMs: 30_000 },
    });
    using client = await RawHttp2Client.connect(engine.port);
    // A window of 100 bytes per stream.
    client.send(frameType.settings, 0, 0, Buffer.from([0, 4, 0, 0, 0, 100]));
    client.sendHead(1, usual);
    await client.frame(frameType.data, 1);
    await engine.finished(1);
    await engine.clock.advanceAsync(121_000);
    assert.equal(await client.resetCode(1), 8);
  });

  it('is ended when its client opens and resets streams in a loop, and each is reported once', async () => {
    await using upstream = await rawUpstream();
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using client = await RawHttp2Client.connect(engine.port);
    let next = 1;
    const flood = (): boolean => {
      for (const last = next + 400; next < last; next += 2) {
        client.sendHead(next, usual);
        client.reset(next, 8);
      }
      return client.isClosed;
    };
    await waitUntil('the gateway has had enough', flood);
    await connectionsGone(engine);
    await waitUntil('all are over', () => engine.metric('http_server_active_requests') === 0);
    // Those that came with their reset made no work for an upstream.
    assert.deepEqual(requestLines(upstream), []);
    assert.deepEqual(new Set(engine.records.map(({ ending }) => ending)), new Set(['client-gone']));
  });

  it('survives a page that cancels twenty requests ten times a second', async () => {
    await using upstream = await rawUpstream();
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using client = await RawHttp2Client.connect(engine.port);
    let next = 1;
    for (let round = 1; round <= 60; round += 1) {
      const ids = Array.from({ length: 20 }, (_, at) => next + 2 * at);
      next += 40;
      for (const id of ids) client.sendHead(id, usual);
      await waitUntil('they are on', () => engine.metric('http_server_active_requests') === 20);
      for (const id of ids) client.reset(id, 8);
      await waitUntil('they are over', () => engine.metric('http_server_active_requests') === 0);
      await engine.clock.advanceAsync(100);
    }
    assert.equal(client.isClosed, false);
    assert.deepEqual(
      client.frames.filter(({ type }) => type === frameType.goaway),
      [],
    );
  });

  it('is ended with a reason when its body comes in ever more frames with next to no content', async () => {
    await using upstream = await rawUpstream();
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using client = await RawHttp2Client.connect(engine.port);
    client.sendHead(1, uploading, { endStream: false });
    const frame = Buffer.concat([Buffer.from([0, 0, 1, 0, 0, 0, 0, 0, 1]), Buffer.from('x')]);
    const frames = Buffer.concat(Array.from({ length: 10_000 }, () => frame));
    const told = (): boolean => client.frames.some(({ type }) => type === frameType.goaway);
    for (let second = 0; second < 60 && !told(); second += 1) {
      client.sendBytes(frames);
      client.sendBytes(frames);
      client.send(frameType.ping, 0, 0, Buffer.alloc(8));
      const answered = (): boolean => client.frames.filter(({ type }) => type === frameType.ping).length > second;
      await waitUntil('they have come', () => told() || answered());
      await engine.clock.advanceAsync(1_000);
    }
    assert.equal((await client.frame(frameType.goaway, 0)).payload.readUInt32BE(4), 11);
    await engine.clock.advanceAsync(1_100);
    await client.closed();
    assert.equal(engine.metric('gateway_http2_sessions_ended_total{excess="overhead"}'), 1);
  });

  it('is ended when its body comes in empty frames, with or without padding', async () => {
    for (const [flags, payload] of [
      [0, Buffer.alloc(0)],
      [0x8, Buffer.alloc(1)],
    ] as const) {
      await using upstream = await rawUpstream();
      await using engine = await secureEngine(createSocketEngine, [upstream]);
      using client = await RawHttp2Client.connect(engine.port);
      client.sendHead(1, withField(':method', 'POST'), { endStream: false });
      const flood = (): boolean => {
        for (let count = 0; count < 1_000; count += 1) client.send(frameType.data, flags, 1, payload);
        return client.isClosed;
      };
      await waitUntil('the gateway has had enough', flood);
    }
  });

  it('is ended when its client floods it and reads no answers', async () => {
    for (const type of [frameType.ping, frameType.settings]) {
      await using engine = await secureEngine(createSocketEngine, []);
      using client = await RawHttp2Client.connect(engine.port);
      await client.frame(frameType.settings, 0);
      client.stall();
      const payload = type === frameType.ping ? Buffer.alloc(8) : Buffer.from([0, 4, 0, 0, 0, 100]);
      const flood = (): boolean => {
        for (let count = 0; count < 5_000; count += 1) client.send(type, 0, 0, payload);
        return engine.metric('gateway_client_connections') === 0;
      };
      await waitUntil('the gateway has had enough', flood);
    }
  });

  it('is ended by malformed frames', async () => {
    await using engine = await secureEngine(createSocketEngine, []);
    for (const bytes of [Buffer.alloc(100, 0xff), Buffer.from('GET / HTTP/1.1\r\n\r\n')]) {
      using client = await RawHttp2Client.connect(engine.port);
      client.sendBytes(bytes);
      await client.closed();
    }
    using client = await RawHttp2Client.connect(engine.port);
    // A head that never ends, in ever more frames (CVE-2024-27316).
    client.send(frameType.headers, frameFlag.endStream, 1, Buffer.from([0x82]));
    for (let count = 0; count < 1_000 && !client.isClosed; count += 1) client.send(0x9, 0, 1, Buffer.alloc(100));
    await client.closed();
    await connectionsGone(engine);
  });

  it('is cut with its streams when the engine closes', async () => {
    await using upstream = await rawUpstream();
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    const session = connect(`https://localhost:${engine.port}`, { rejectUnauthorized: false });
    session.on('error', () => undefined);
    const stream = session.request({ ':path': '/ship/' });
    let ended = false;
    stream.on('error', () => undefined);
    stream.on('end', () => {
      ended = true;
    });
    await waitUntil('it has begun', () => requestLines(upstream).length === 1);
    const closed = new Promise<void>((resolve) => session.once('close', () => resolve()));
    await engine.gateway.close();
    await closed;
    assert.equal(ended && stream.rstCode === 0, false);
    assert.equal((await engine.finished(1))[0]?.ending, 'shut-down');
  });
});
