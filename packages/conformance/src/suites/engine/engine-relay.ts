import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { answerEach, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, startEngine } from './engine-harness.ts';

/** Messages on their way through: what arrives, what is left out, what is added. */
export function relayTests(createEngine: CreateEngine): void {
  test('a target arrives byte by byte as it was sent', async () => {
    await using upstream = await rawUpstream(answerEach(ok('hi')));
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/a%20b;c=d/%E5%95%86?q=%2e%2e//x&empty=&=1+2'));
    assert.equal((await client.response())?.body, 'hi');
    assert.match(
      upstream.connections[0]?.received.toString() ?? '',
      /^GET \/ship\/a%20b;c=d\/%E5%95%86\?q=%2e%2e\/\/x&empty=&=1\+2 HTTP\/1\.1\r\n/,
    );
  });

  test('the fields of a good proxy are added, and hop-by-hop fields are not forwarded', async () => {
    await using upstream = await rawUpstream(answerEach(ok('hi')));
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    const hop =
      'Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nProxy-Connection: x\r\n';
    const spoofed =
      'X-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\n';
    client.send(get('/ship/', `${hop}${spoofed}X-Request-Id: abc-1\r\nX-Two: 1\r\nx-two: 2\r\nAccept: */*\r\n`));
    const response = await client.response();
    const sent = upstream.connections[0]?.received.toString() ?? '';
    assert.doesNotMatch(sent, /x-hop|keep-alive:|\r\nte:|proxy-connection|6\.6\.6\.6/i);
    assert.match(sent, /\r\nHost: gateway\.example\r\n/i);
    assert.match(sent, /\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/i);
    assert.match(sent, /\r\nX-Forwarded-Proto: http\r\n/i);
    assert.match(sent, /\r\nX-Forwarded-Host: gateway\.example\r\n/i);
    assert.match(sent, /\r\nForwarded: for=127\.0\.0\.1;host="gateway\.example";proto=http\r\n/i);
    assert.match(sent, /\r\nVia: 1\.1 flotilla-[0-9a-f]{12}\r\n/i);
    assert.match(sent, /\r\nX-Request-Id: abc-1\r\n/i);
    assert.match(sent, /\r\ntraceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\r\n/i);
    assert.match(sent, /X-Two: 1\r\nx-two: 2\r\n/);
    assert.deepEqual(response?.values('x-request-id'), ['abc-1']);
    assert.match(response?.values('x-trace-id')[0] ?? '', /^[0-9a-f]{32}$/);
  });

  test("a response's repeated fields keep their order; its hop-by-hop fields are dropped", async () => {
    const fields =
      'Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=9\r\nX-Request-Id: evil\r\n';
    await using upstream = await rawUpstream(answerEach(ok('hi', fields)));
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    const response = await client.response();
    assert.deepEqual(response?.values('set-cookie'), ['a=1', 'b=2']);
    assert.deepEqual(response.values('x-hop'), []);
    assert.notEqual(response.values('x-request-id')[0], 'evil');
    assert.equal(response.values('x-request-id').length, 1);
  });

  test('a body with a length and a chunked body arrive whole', async () => {
    await using upstream = await rawUpstream(answerEach(ok('hi')));
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    const large = 'x'.repeat(200_000);
    client.send(`${get('/ship/', 'Content-Length: 5\r\n', 'POST')}hello`);
    assert.equal((await client.response())?.status, 200);
    client.send(`${get('/ship/', 'Transfer-Encoding: chunked\r\n', 'POST')}3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n`);
    assert.equal((await client.response())?.status, 200);
    client.send(`${get('/ship/', `Content-Length: ${large.length}\r\n`, 'PUT')}${large}`);
    assert.equal((await client.response())?.status, 200);
    const sent = upstream.connections.map((connection) => connection.received.toString()).join('');
    assert.match(sent, /\r\nContent-Length: 5\r\n(?:[^]*\r\n)?\r\nhello/i);
    assert.match(sent.replace(/\r\n[0-9a-f]+\r\n/g, '').replaceAll('\r\n', ''), /abcde/);
    assert.doesNotMatch(sent, /x=y/);
    assert.ok(sent.includes(large));
  });

  test('HEAD, 204 and 304 have no body, and the next request on the connection is answered', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      for (const answer of [
        'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n',
        'HTTP/1.1 204 No Content\r\n\r\n',
        'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
        ok('done'),
      ]) {
        await connection.request();
        connection.send(answer);
      }
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', '', 'HEAD'));
    const head = await client.response({ toHead: true });
    assert.deepEqual(head?.values('content-length'), ['7']);
    client.send(get('/ship/'));
    assert.equal((await client.response())?.status, 204);
    client.send(get('/ship/'));
    assert.deepEqual((await client.response())?.values('etag'), ['"a"']);
    client.send(get('/ship/'));
    assert.equal((await client.response())?.body, 'done');
    assert.equal(upstream.connections.length, 1);
  });

  test('a chunked response and one that ends with its connection arrive whole', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n');
      await connection.request();
      connection.send('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end');
      connection.end();
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    assert.equal((await client.response())?.body, 'abcde');
    client.send(get('/ship/'));
    const second = await client.response();
    assert.deepEqual([second?.body, second?.complete], ['until the end', true]);
  });

  test('an HTTP/1.0 client is answered in its version, and the connection then closed', async () => {
    await using upstream = await rawUpstream(
      answerEach('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'),
    );
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send('GET /ship/ HTTP/1.0\r\nHost: h\r\n\r\n');
    const response = await client.response();
    assert.deepEqual([response?.status, response?.body], [200, 'abc']);
    assert.deepEqual(response?.values('transfer-encoding'), []);
    assert.equal(await client.ended(), 'ended');
  });

  test('pipelined requests are answered in order', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
        connection.send(ok(request.target));
      }
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/1') + get('/ship/2') + get('/ship/3'));
    const bodies = [await client.response(), await client.response(), await client.response()].map((one) => one?.body);
    assert.deepEqual(bodies, ['/ship/1', '/ship/2', '/ship/3']);
  });

  test('a client that expects 100-continue gets it, then its answer', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      const head = await connection.receive('\r\n\r\n');
      if (head?.toString().toLowerCase().includes('expect:')) connection.send('HTTP/1.1 100 Continue\r\n\r\n');
      await connection.receive('hello');
      connection.send(ok('thanks'));
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', 'Content-Length: 5\r\nExpect: 100-continue\r\n', 'POST'));
    assert.equal((await client.response())?.status, 100);
    client.send('hello');
    assert.equal((await client.response())?.body, 'thanks');
  });

  test('connections to an upstream are kept and reused', async () => {
    await using upstream = await rawUpstream(answerEach(ok('hi')));
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    for (let count = 0; count < 5; count++) {
      client.send(get('/ship/'));
      await client.response();
    }
    assert.equal(upstream.connections.length, 1);
  });

  test('requests go to the instances in turn', async () => {
    await using one = await rawUpstream(answerEach(ok('one')));
    await using two = await rawUpstream(answerEach(ok('two')));
    await using engine = await startEngine(createEngine, [one, two]);
    const client = await engine.connect();
    const bodies: (string | undefined)[] = [];
    for (let count = 0; count < 4; count++) {
      client.send(get('/ship/'));
      bodies.push((await client.response())?.body);
    }
    assert.deepEqual(bodies, ['one', 'two', 'one', 'two']);
  });
}
