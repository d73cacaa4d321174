import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { takeRequest } from '../../raw-request.ts';
import { answerEach, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, startEngine } from './engine-harness.ts';

/** Which fields pass, which stay, and whose word about the client counts. */
export function fieldTests(createEngine: CreateEngine): void {
  test('Connection can remove hop-by-hop fields, but nothing that others rely on', async () => {
    const named = [
      ...[
        'Host',
        'Content-Length',
        'Authorization',
        'Cookie',
        'Via',
        'X-Forwarded-For',
        'X-Forwarded-Proto',
        'X-Request-Id',
      ],
      ...['Forwarded', 'traceparent', 'Content-Type', 'X-Secret'],
    ].join(', ');
    const answerNamed = 'Set-Cookie, Content-Type, Date, Cache-Control, Content-Length, X-Request-Id, X-Inner';
    await using upstream = await rawUpstream(
      answerEach(
        ok(
          'hi',
          `Connection: ${answerNamed}\r\nSet-Cookie: a=1\r\nDate: Mon, 01 Jan 2026 00:00:00 GMT\r\nCache-Control: no-store\r\nX-Inner: 1\r\n`,
        ),
      ),
    );
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    const fields =
      'Authorization: Basic x\r\nCookie: c=1\r\nContent-Type: text/plain\r\nX-Secret: 1\r\nContent-Length: 2\r\n';
    client.send(`${get('/ship/', `Connection: ${named}\r\nConnection: close\r\n${fields}`, 'POST')}hi`);
    const answer = await client.response();
    const sent = upstream.connections[0]?.received.toString() ?? '';
    for (const kept of [
      'Host',
      'Authorization',
      'Cookie',
      'Content-Type',
      'Content-Length',
      'Via',
      'X-Forwarded-For',
      'X-Forwarded-Proto',
      'Forwarded',
      'X-Request-Id',
      'traceparent',
    ]) {
      assert.match(sent, new RegExp(`\\r\\n${kept}: `, 'i'));
    }
    assert.doesNotMatch(sent, /x-secret|\r\nconnection:/i);
    assert.ok(sent.endsWith('\r\n\r\nhi'));
    for (const kept of ['set-cookie', 'content-type', 'date', 'cache-control', 'content-length', 'x-request-id']) {
      assert.equal(answer?.values(kept).length, 1, kept);
    }
    assert.deepEqual([answer?.values('x-inner'), answer?.body], [[], 'hi']);
  });

  for (const trusted of [false, true]) {
    test(`what a peer says about who is behind it is ${trusted ? 'continued when it is' : 'dropped when it is not'} trusted`, async () => {
      await using upstream = await rawUpstream(answerEach(ok('hi')));
      await using engine = await startEngine(createEngine, [upstream], {
        trustedProxies: trusted ? ['127.0.0.0/8'] : [],
      });
      const client = await engine.connect();
      client.send(
        get(
          '/ship/',
          'X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-For: 10.1.1.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.example\r\nForwarded: for=192.0.2.7\r\nX-Real-IP: 192.0.2.7\r\n',
        ),
      );
      await client.response();
      const sent = upstream.connections[0]?.received.toString() ?? '';
      const [line] = await engine.finished(1);
      if (trusted) {
        assert.match(sent, /\r\nX-Forwarded-For: 192\.0\.2\.7, 10\.1\.1\.1, 127\.0\.0\.1\r\n/i);
        assert.match(sent, /\r\nX-Forwarded-Proto: https\r\n/i);
        assert.match(sent, /\r\nX-Forwarded-Host: shop\.example\r\n/i);
        assert.match(sent, /\r\nForwarded: for=192\.0\.2\.7, for=127\.0\.0\.1;/i);
        assert.equal(line?.['client'], '10.1.1.1');
      } else {
        assert.doesNotMatch(sent, /192\.0\.2\.7|10\.1\.1\.1|shop\.example|https/i);
        assert.equal(line?.['client'], '127.0.0.1');
      }
      assert.equal(sent.match(/\r\nX-Forwarded-For:/gi)?.length, 1);
      assert.equal(sent.match(/\r\nForwarded:/gi)?.length, 1);
    });
  }

  test('Max-Forwards of OPTIONS is decremented, and at 0 the gateway answers itself', async () => {
    await using upstream = await rawUpstream(answerEach(ok('hi')));
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', 'Max-Forwards: 0\r\n', 'OPTIONS'));
    const own = await client.response();
    assert.equal(own?.status, 204);
    assert.match(own.values('allow').join(), /GET.*OPTIONS/);
    assert.equal(upstream.connections.length, 0);
    client.send(get('/ship/', 'Max-Forwards: 10\r\n', 'OPTIONS') + get('/ship/', 'Max-Forwards: 0\r\n'));
    assert.equal((await client.response())?.body, 'hi');
    assert.equal((await client.response())?.body, 'hi');
    assert.match(
      upstream.connections[0]?.received.toString() ?? '',
      /\r\nMax-Forwards: 9\r\n[^]*\r\nMax-Forwards: 0\r\n/,
    );
  });

  test('fields keep their order, case and repetitions in both directions, and bytes beyond ASCII', async () => {
    const fields = 'X-b: 1\r\nAccept: a\r\nx-B: J\xfcrgen \xe5\x90\x8d\r\nACCEPT: b\r\nEmpty:\r\n';
    await using upstream = await rawUpstream(
      answerEach(
        Buffer.from(
          ok('', `Set-Cookie: a=1\r\nVary: x\r\nset-cookie: b=\xfc\r\nVary: y\r\nSet-Cookie: a=1\r\n`),
          'latin1',
        ),
      ),
    );
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(Buffer.from(get('/ship/', fields), 'latin1'));
    const answer = await client.response();
    const sent = upstream.connections[0]?.received.toString('latin1') ?? '';
    assert.ok(sent.includes(fields.replace('Empty:', 'Empty: ')), sent);
    assert.deepEqual(answer?.values('set-cookie'), ['a=1', 'b=\xfc', 'a=1']);
    assert.match(answer?.head ?? '', /Set-Cookie: a=1\r\nVary: x\r\nset-cookie: b=\xfc\r\nVary: y\r\nSet-Cookie: a=1/);
  });

  test('a request hidden in another is never sent: its bytes stay content, whatever came before on the connection', async () => {
    const hidden = get('/ship/hidden');
    await using upstream = await rawUpstream(async (connection) => {
      for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
        connection.send(ok(request.target));
      }
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const warm = await engine.connect();
    warm.send(get('/ship/warm'));
    assert.equal((await warm.response())?.body, '/ship/warm');
    const size = hidden.length.toString(16);
    const attacks = [
      `${get('/ship/a', `Content-Length: ${hidden.length}\r\n`, 'POST')}${hidden}`,
      `${get('/ship/a', 'Transfer-Encoding: chunked\r\n', 'POST')}${size}\r\n${hidden}\r\n0\r\n\r\n`,
      `${get('/ship/a', `Content-Length: ${hidden.length + 5}\r\nTransfer-Encoding: chunked\r\n`, 'POST')}0\r\n\r\n${hidden}`,
      `${get('/ship/a', 'Transfer-Encoding: xchunked\r\n', 'POST')}0\r\n\r\n${hidden}`,
      `${get('/ship/a', `Content-Length: ${hidden.length}\r\nConnection: Content-Length\r\n`, 'POST')}${hidden}`,
      `${get('/ship/a', 'Expect: 100-continue\r\nContent-Length: 0\r\n', 'GET')}`,
      `${get('/ship/a', `Content-Length: ${hidden.length}\r\n`, 'GET')}${hidden}`,
      `${get('/ship/a', `Content-Length: ${hidden.length}\r\n`, 'HEAD')}${hidden}`,
    ];
    for (const attack of attacks) {
      const attacker = await engine.connect();
      attacker.send(attack);
      await attacker.response({ toHead: attack.startsWith('HEAD') });
      const victim = await engine.connect();
      victim.send(get('/ship/victim'));
      assert.equal((await victim.response())?.body, '/ship/victim');
      attacker.reset();
    }
    const read = upstream.connections.flatMap(({ received }) => targetsOf(received));
    assert.equal(read.includes('/ship/hidden'), false);
    assert.equal(read.filter((target) => target === '/ship/victim').length, attacks.length);
  });
}

/** The targets of the requests in these bytes, bodies skipped by their framing. */
function targetsOf(bytes: Buffer): readonly string[] {
  const targets: string[] = [];
  for (let rest: Buffer | undefined = bytes; rest !== undefined && rest.length > 0; ) {
    const request = takeRequest(rest);
    if (request !== undefined) targets.push(request.target);
    rest = request === undefined ? undefined : rest.subarray(request.raw.length);
  }
  return targets;
}
