import assert from 'node:assert/strict';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from 'node:http2';
import { describe, it } from 'node:test';
import { answerEach, type FakeConnection, rawUpstream, secureEngine } from '@flotilla/conformance';
import { waitUntil } from '@flotilla/testing';
import { createSocketEngine } from '../socket-engine.ts';

/** A session of Node's own client, which ends with the test. */
function open(port: number): ClientHttp2Session & Disposable {
  const session = connect(`https://localhost:${port}`, { rejectUnauthorized: false });
  session.on('error', () => undefined);
  return Object.assign(session, { [Symbol.dispose]: () => session.destroy() });
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly trailers: Readonly<Record<string, unknown>>;
  readonly interim: readonly (number | undefined)[];
  /** The code of a reset; 0: none. */
  readonly code: number;
}

/** All of the answer, however it ends. */
async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  let [headers, trailers]: Record<string, unknown>[] = [{}, {}];
  const interim: (number | undefined)[] = [];
  const parts: Buffer[] = [];
  stream.on('error', () => undefined);
  stream.on('headers', (fields) => interim.push(fields[':status']));
  stream.on('response', (fields) => {
    headers = { ...fields };
  });
  stream.on('trailers', (fields) => {
    trailers = { ...fields };
  });
  stream.on('data', (chunk: Buffer) => parts.push(chunk));
  await new Promise<void>((resolve) => stream.once('close', () => resolve()));
  const status = headers?.[':status'];
  return {
    status: typeof status === 'number' ? status : undefined,
    headers: headers ?? {},
    body: Buffer.concat(parts).toString('latin1'),
    trailers: trailers ?? {},
    interim,
    code: stream.rstCode,
  };
}

function send(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string | Buffer): Promise<Answer> {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return answerOf(stream);
}

const post = { ':method': 'POST', ':path': '/ship/' };
const hello = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello';
const text = (connection: FakeConnection | undefined): string => connection?.received.toString('latin1') ?? '';

it('a request over HTTP/2 is a span, and so is its attempt, whose id the service gets', async () => {
  const parents: (string | undefined)[] = [];
  await using upstream = await rawUpstream(async (connection) => {
    parents.push((await connection.request())?.headers.get('traceparent') ?? undefined);
    connection.send(hello);
  });
  await using engine = await secureEngine(createSocketEngine, [upstream]);
  using session = open(engine.port);
  assert.equal((await send(session, { ':path': '/ship/a?q=1' })).status, 200);
  await engine.finished(1);
  const [attempt, server] = engine.spans;
  assert.deepEqual([attempt?.name, server?.name], ['GET ship', 'GET /ship/']);
  assert.equal(attempt?.parentSpanId, server?.context.spanId);
  assert.deepEqual(parents, [`00-${server?.context.traceId}-${attempt?.context.spanId}-01`]);
  assert.deepEqual([server?.attributes['network.protocol.version'], server?.attributes['url.scheme']], ['2', 'https']);
});

describe('a login bound to a connection, over HTTP/2', () => {
  const challenge = 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic, NTLM\r\nContent-Length: 0\r\n\r\n';
  for (const [what, authorization, answer] of [
    ['credentials', 'Negotiate YIIabc', hello],
    ['a challenge', 'Basic abc', challenge],
  ] as const) {
    it(`leaves no connection to anybody else: ${what}`, async () => {
      await using upstream = await rawUpstream(answerEach(answer));
      await using engine = await secureEngine(createSocketEngine, [upstream]);
      using session = open(engine.port);
      const { status } = await send(session, { ':path': '/ship/', authorization });
      assert.equal(status, answer === hello ? 200 : 401);
      await waitUntil('the connection is closed', () => upstream.connections[0]?.peerEnded === true);
      await send(session, { ':path': '/ship/' });
      assert.equal(upstream.connections.length, 2);
    });
  }
});

describe('requests over HTTP/2', () => {
  it('go upstream as HTTP/1.1 and are recorded as HTTP/2', async () => {
    await using upstream = await rawUpstream(answerEach(hello));
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using session = open(engine.port);
    const answer = await send(session, {
      ...{ ':path': '/ship/a?b=%20', 'x-two': ['1', '2'], cookie: ['a=1', 'b=2'], 'x-forwarded-proto': 'http' },
      ...{ te: 'trailers', x_under: '1' },
    });
    assert.deepEqual([answer.status, answer.body, answer.code], [200, 'hello', 0]);
    assert.equal(answer.headers['content-length'], '5');
    assert.equal(typeof answer.headers['x-request-id'], 'string');
    assert.equal(typeof answer.headers['date'], 'string');
    const sent = text(upstream.connections[0]);
    assert.match(sent, /^GET \/ship\/a\?b=%20 HTTP\/1\.1\r\nHost: localhost:\d+\r\n/);
    assert.match(sent, /\r\nx-two: 1\r\nx-two: 2\r\n/);
    assert.match(sent, /\r\ncookie: a=1; b=2\r\n/);
    assert.match(sent, /\r\nX-Forwarded-Proto: https\r\n/);
    assert.match(sent, /\r\nForwarded: for=127\.0\.0\.1;host="localhost:\d+";proto=https\r\n/);
    assert.match(sent, /\r\nVia: 2\.0 flotilla-[0-9a-f]{12}\r\n/);
    assert.doesNotMatch(sent, /\r\nte:|x_under|transfer-encoding/i);
    const [record] = await engine.finished(1);
    assert.deepEqual(
      [record?.head?.httpVersion, record?.head?.scheme, record?.status, record?.ending, record?.responseBytes],
      ['2.0', 'https', 200, 'complete', 5],
    );
  });

  it('with the method HEAD, and answers without a body, end with their head', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      for (const answer of [
        'HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n',
        'HTTP/1.1 204 No Content\r\n\r\n',
        'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 9\r\n\r\n',
        'HTTP/1.1 205 Reset Content\r\nContent-Length: 2\r\n\r\nhi',
        'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      ]) {
        await connection.request();
        connection.send(answer);
      }
    });
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using session = open(engine.port);
    const head = await send(session, { ':method': 'HEAD', ':path': '/ship/' });
    assert.deepEqual([head.status, head.headers['content-length'], head.body, head.code], [200, '70000', '', 0]);
    for (const status of [204, 304, 205, 200]) {
      const answer = await send(session, { ':path': '/ship/' });
      assert.deepEqual([answer.status, answer.body, answer.code], [status, '', 0]);
    }
    const missing = await send(session, { ':method': 'HEAD', ':path': '/nowhere' });
    assert.deepEqual([missing.status, missing.body, missing.code], [404, '', 0]);
    assert.equal(upstream.connections.length, 1);
    await engine.finished(6);
  });

  it('with a body arrive whole: with a length, without one, and with an empty body', async () => {
    await using upstream = await rawUpstream(answerEach(hello));
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using session = open(engine.port);
    assert.equal((await send(session, { ...post, 'content-length': 3 }, 'abc')).status, 200);
    assert.equal((await send(session, post, 'defgh')).status, 200);
    assert.equal((await send(session, post, '')).status, 200);
    // What browsers send for a POST without content: a length, and the end with the head.
    assert.equal((await send(session, { ...post, 'content-length': 0 })).status, 200);
    const sent = text(upstream.connections[0]);
    assert.match(sent, /\r\nContent-Length: 3\r\n\r\nabcPOST /);
    assert.match(sent, /\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ndefgh\r\n0\r\n\r\nPOST /);
    assert.match(sent, /\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nPOST /);
    assert.match(sent, /\r\nContent-Length: 0\r\n\r\n$/);
    assert.equal(upstream.connections.length, 1, 'each left its connection fit for the next');
    assert.deepEqual(
      (await engine.finished(4)).map((record) => record.requestBytes),
      [3, 5, 0, 0],
    );
  });

  it('can run in parallel on one session', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
        const id = /\/ship\/(\d+)/.exec(request.target)?.[1] ?? '';
        connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${id.length}\r\n\r\n${id}`);
      }
    });
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using session = open(engine.port);
    const ids = Array.from({ length: 300 }, (_, id) => id);
    const answers = await Promise.all(ids.map((id) => send(session, { ':path': `/ship/${id}` })));
    assert.deepEqual(
      answers.map(({ body }) => body),
      ids.map(String),
    );
    assert.equal((await engine.finished(300)).length, 300);
  });

  it('whose length differs from their body are reset and abandoned', async () => {
    await using upstream = await rawUpstream();
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using session = open(engine.port);
    const answer = await send(session, { ...post, 'content-length': 10 }, 'abc');
    assert.notEqual(answer.code, 0);
    const [record] = await engine.finished(1);
    assert.equal(record?.ending, 'client-gone');
  });

  it('and their trailers, and those of answers, pass both ways', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
      await connection.receive('never');
    });
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using session = open(engine.port);
    const stream = session.request(post, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1', 'x-other': 'b' }));
    stream.end('body');
    const started = new Promise<void>((resolve) => stream.once('data', () => resolve()));
    const answer = answerOf(stream);
    await started;
    upstream.connections[0]?.send('0\r\nX-Check: 2\r\nX-Check: 3\r\n\r\n');
    const { body, trailers, code } = await answer;
    assert.deepEqual([body, trailers['x-check'], code], ['abc', '2, 3', 0]);
    assert.match(text(upstream.connections[0]), /\r\n4\r\nbody\r\n0\r\nx-sum: 1\r\nx-other: b\r\n\r\n$/);
  });

  it('cannot have trailers that only have a meaning in a head', async () => {
    await using upstream = await rawUpstream(answerEach('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using session = open(engine.port);
    const stream = session.request(post, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ authorization: 'x', 'x-sum': '1' }));
    stream.end('body');
    assert.equal((await answerOf(stream)).status, 200);
    assert.match(text(upstream.connections[0]), /\r\n0\r\nx-sum: 1\r\n\r\n$/);
  });

  it('receive interim answers', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.receive('\r\n\r\n');
      connection.send('HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n');
      await connection.receive('body');
      connection.send(hello);
    });
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using session = open(engine.port);
    const stream = session.request({ ...post, expect: '100-continue', 'content-length': 4 });
    stream.once('continue', () => stream.end('body'));
    const answer = await answerOf(stream);
    assert.deepEqual([answer.status, answer.interim], [200, [103, 100]]);
  });

  it('that are answered before their body has arrived are told to stop sending it', async () => {
    await using upstream = await rawUpstream(answerEach(hello));
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using session = open(engine.port);
    const stream = session.request({ ...post, ':path': '/short/' });
    stream.write(Buffer.alloc(1_000));
    const answer = await answerOf(stream);
    assert.deepEqual([answer.status, answer.code], [413, 0]);
    const unknown = session.request({ ...post, ':path': '/nowhere' });
    unknown.write('x');
    assert.equal((await answerOf(unknown)).status, 404);
    assert.equal((await send(session, { ':path': '/ship/' })).status, 200);
  });

  it('to the gateway itself are answered by it', async () => {
    await using upstream = await rawUpstream(
      answerEach('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'),
    );
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using session = open(engine.port);
    const answer = await send(session, { ':path': '/own' });
    assert.deepEqual([answer.status, answer.body], [200, '{"a":{}}']);
  });
});

describe('answers over HTTP/2', () => {
  it('keep repeated fields separate, even those that should be single, and drop what HTTP/2 does not allow', async () => {
    const fields = 'Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nAge: 1\r\nAge: 2\r\nETag: a\r\nETag: b\r\nX-J: J\xfcrgen\r\n';
    const hop = 'Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nProxy-Connection: x\r\nUpgrade: h2c\r\n';
    const bytes = Buffer.from(
      `HTTP/1.1 200 OK\r\n${fields}${hop}__proto__: x\r\nContent-Length: 2\r\n\r\nhi`,
      'latin1',
    );
    await using upstream = await rawUpstream(answerEach(bytes));
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using session = open(engine.port);
    const answer = await send(session, { ':path': '/ship/' });
    assert.deepEqual([answer.status, answer.body], [200, 'hi']);
    assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
    assert.equal(answer.headers['x-j'], 'J\xfcrgen');
    for (const name of ['connection', 'keep-alive', 'proxy-connection', 'upgrade', 'transfer-encoding']) {
      assert.equal(answer.headers[name], undefined, name);
    }
  });

  it('that break off end with a reset, never as if they were complete', async () => {
    for (const head of ['Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', 'Content-Length: 100000\r\n\r\nabc']) {
      await using upstream = await rawUpstream(async (connection) => {
        await connection.request();
        connection.send(`HTTP/1.1 200 OK\r\n${head}`);
        await connection.receive('never');
      });
      await using engine = await secureEngine(createSocketEngine, [upstream]);
      using session = open(engine.port);
      const stream = session.request({ ':path': '/ship/' });
      const started = new Promise<void>((resolve) => stream.once('data', () => resolve()));
      const answer = answerOf(stream);
      await started;
      upstream.connections[0]?.reset();
      const { status, code } = await answer;
      assert.equal(status, 200);
      assert.notEqual(code, 0);
      const [record] = await engine.finished(1);
      assert.equal(record?.ending, 'broken');
    }
  });

  it('wait for a slow client, and an upload for a slow upstream', async () => {
    const total = 8 * 1024 * 1024;
    let sent = 0;
    await using upstream = await rawUpstream(async (connection) => {
      const request = await connection.receive('\r\n\r\n');
      if (request?.toString().startsWith('GET') !== true) {
        connection.stall();
        return;
      }
      connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
      connection.send(Buffer.alloc(total, 'x'));
    });
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using session = open(engine.port);
    const download = session.request({ ':path': '/ship/' });
    await new Promise<void>((resolve) => download.once('response', () => resolve()));
    // Not read: it may take its window and no more.
    const upload = session.request(post);
    const piece = Buffer.alloc(65_536);
    const more = (): void => {
      while (sent < total) {
        sent += piece.length;
        if (!upload.write(piece)) return void upload.once('drain', more);
      }
      upload.end();
    };
    more();
    await waitUntil('the upload stalls', () => sent > 3 * piece.length && upload.writableLength > 0);
    // A third request passes both.
    assert.equal((await send(session, { ':path': '/nowhere' })).status, 404);
    const received = upstream.connections[1]?.received.length ?? 0;
    assert.ok(received < 4 * 1024 * 1024, `an upstream that does not read was sent ${received} bytes`);
    for (const connection of upstream.connections) connection.resume();
    const answer = await answerOf(download);
    assert.deepEqual([answer.body.length, answer.code], [total, 0]);
    await waitUntil('the upload has arrived', () => (upstream.connections[1]?.received.length ?? 0) > total);
    upstream.connections[1]?.send(hello);
    assert.equal((await answerOf(upload)).status, 200);
  });
});

describe('a client that leaves', () => {
  it('cancels the upstream at once, before and after the head of the answer', async () => {
    for (const answer of ['', 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc']) {
      await using upstream = await rawUpstream(async (connection) => {
        await connection.request();
        if (answer !== '') connection.send(answer);
        await connection.receive('never');
      });
      await using engine = await secureEngine(createSocketEngine, [upstream]);
      using session = open(engine.port);
      const stream = session.request({ ':path': '/ship/' });
      stream.on('error', () => undefined);
      let answered = answer === '';
      stream.on('response', () => {
        answered = true;
      });
      await waitUntil('it has begun', () => answered && text(upstream.connections[0]).includes('\r\n\r\n'));
      stream.close(8);
      const [connection] = upstream.connections;
      await waitUntil('the upstream is left', () => connection?.peerEnded === true || connection?.isClosed === true);
      const [record] = await engine.finished(1);
      assert.deepEqual([record?.ending, record?.outcome], ['client-gone', undefined]);
    }
  });

  it('cancels all its requests by closing its connection', async () => {
    await using upstream = await rawUpstream();
    await using engine = await secureEngine(createSocketEngine, [upstream]);
    using session = open(engine.port);
    for (let count = 0; count < 5; count += 1) session.request({ ':path': '/ship/' }).on('error', () => undefined);
    await waitUntil('the requests have arrived', () => upstream.connections.length === 5);
    session.destroy();
    const records = await engine.finished(5);
    assert.deepEqual(new Set(records.map(({ ending }) => ending)), new Set(['client-gone']));
    await waitUntil('the connection is gone', () => engine.metric('gateway_client_connections') === 0);
  });
});
