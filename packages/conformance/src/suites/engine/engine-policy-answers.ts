import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '@flotilla/contracts';
import type { BodyTap, CreateEngine, PolicyStep } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { answerEach, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, startEngine } from './engine-harness.ts';
import { webSocketOffer, webSocketSwitch } from './web-socket.ts';
import { mark, marks, withPolicies } from './with-policies.ts';

/** Notes what a tap sees. */
function noting(seen: string[], name: string): BodyTap {
  return {
    bytes: (chunk, start, end) => void seen.push(`${name} ${chunk.toString('latin1', start, end)}`),
    end: (whole) => void seen.push(`${name} ${whole ? 'whole' : 'broken'}`),
  };
}

/** What steps see and change of answers, whoever makes them. */
export function policyAnswerTests(createEngine: CreateEngine): void {
  test("the gateway's own answers pass the chain on the way down, and ask nobody where no route matches", async () => {
    await using upstream = await rawUpstream(answerEach(ok('{}').replace('text/plain', 'application/json')));
    const asked: string[] = [];
    const watch: PolicyStep = {
      name: 'watch',
      request({ head, route }) {
        asked.push(`${route.kind} ${route.template} ${head.target}`);
        return { kind: 'go-on' };
      },
      answer: ({ status, edits }) => edits.set('X-Saw', String(status)),
    };
    await using engine = await startEngine(withPolicies(createEngine, [watch]), [upstream]);
    for (const [request, status] of [
      [get('/both'), 200],
      [get('/ghost'), 503],
      [get('/nothing'), 404],
      [get('/health'), 200],
      [get('/health', '', 'POST'), 405],
      [get('/both', '', 'OPTIONS'), 204],
      [get('/ship/../x'), 400],
      [get('/ship/', 'Expect: cookies\r\n'), 417],
      [get('/ship/', '', 'TRACE'), 501],
      ['GET /ship/ HTTP/1.1\r\n\r\n', 400],
    ] as const) {
      const client = await engine.connect();
      client.send(request);
      const answer = await client.response();
      assert.deepEqual([answer?.status, answer?.values('x-saw')], [status, [String(status)]], request);
    }
    assert.deepEqual(asked, ['aggregate /both /both', 'proxy /ghost /ghost']);
    const parts = upstream.connections.map(({ received }) => received.toString());
    assert.ok(parts.length > 0);
  });

  test('an answer that a step refuses is replaced, and the steps above it see the replacement', async () => {
    await using upstream = await rawUpstream(answerEach(ok('x'.repeat(100_000), 'X-Secret: 1\r\n')));
    const strict: PolicyStep = {
      name: 'strict',
      answer({ fields }) {
        if (fields.includes('X-Secret')) throw new Error('this must not leave');
      },
    };
    await using engine = await startEngine(withPolicies(createEngine, [mark('outer'), strict, mark('inner')]), [
      upstream,
    ]);
    const client = await engine.connect();
    for (let again = 0; again < 2; again++) {
      client.send(get('/ship/'));
      const answer = await client.response();
      assert.deepEqual([answer?.status, answer?.values('x-passed'), answer?.complete], [500, ['outer'], true]);
      assert.doesNotMatch(`${answer?.head}${answer?.body}`, /must not leave|secret|xxx/i);
    }
    const [line] = await engine.finished(2);
    assert.deepEqual([line?.['status'], line?.['code']], [500, 'INTERNAL']);
  });

  test('after a step has replaced an answer, nothing of the first one follows, and nobody waits for it', async () => {
    const strict: PolicyStep = {
      name: 'strict',
      answer({ status }) {
        if (status === 200) throw new AppError('FORBIDDEN');
      },
    };
    for (const [what, rest] of [
      ['breaks', 'reset'],
      ['never ends', 'silence'],
    ] as const) {
      await using upstream = await rawUpstream(async (connection) => {
        await connection.request();
        connection.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
        if (rest === 'reset') connection.reset();
      });
      await using engine = await startEngine(withPolicies(createEngine, [strict]), [upstream]);
      const client = await engine.connect();
      for (let again = 1; again <= 2; again++) {
        client.send(get('/ship/'));
        const answer = await client.response();
        assert.deepEqual([answer?.status, answer?.complete], [403, true], what);
        const line = (await engine.finished(again))[again - 1];
        assert.deepEqual([line?.['status'], line?.['code'], line?.['ending']], [403, 'FORBIDDEN', undefined], what);
      }
    }
  });

  test('an upgrade passes the chain as well: it can be refused on its way up and on its way down', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.receive('\r\n\r\n');
      connection.send(`${webSocketSwitch}first`);
    });
    await using engine = await startEngine(withPolicies(createEngine, marks), [upstream]);
    const client = await engine.connect();
    client.send(`${get('/ship/ws', webSocketOffer)}ahead`);
    const answer = await client.response();
    assert.deepEqual([answer?.status, answer?.values('x-passed')], [101, ['inner', 'outer']]);
    await waitUntil('both have what was sent ahead', () => {
      return client.rest === 'first' && upstream.connections[0]?.received.toString().endsWith('\r\n\r\nahead') === true;
    });
    const against: PolicyStep = {
      name: 'against',
      answer() {
        throw new AppError('FORBIDDEN');
      },
    };
    await using strict = await startEngine(withPolicies(createEngine, [against]), [upstream]);
    const refused = await strict.connect();
    refused.send(get('/ship/ws', webSocketOffer));
    assert.equal(await refused.ended(), 'reset');
    const [line] = await strict.finished(1);
    assert.deepEqual([line?.['code'], line?.['ending']], ['FORBIDDEN', 'broken']);
  });

  test('taps see the bytes of both bodies and how they ended, and a step hears when everything is over', async () => {
    await using upstream = await rawUpstream(async (connection, index) => {
      await connection.request();
      if (index === 0) {
        connection.send(
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nok\r\n0\r\n\r\n',
        );
        return connection.end();
      }
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
      connection.reset();
    });
    const seen: string[] = [];
    const tap: PolicyStep = {
      name: 'tap',
      tapRequest: () => noting(seen, 'up'),
      tapAnswer: ({ status }) => noting(seen, `down ${status}`),
      finished: ({ status }) => void seen.push(`finished ${status}`),
    };
    await using engine = await startEngine(withPolicies(createEngine, [tap]), [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', 'Content-Length: 4\r\nConnection: close\r\n', 'POST'));
    client.send('body');
    await client.response();
    assert.deepEqual(seen, ['up body', 'up whole', 'down 200 ok', 'down 200 whole', 'finished 200']);
    seen.length = 0;
    const other = await engine.connect();
    other.send(get('/flow/', 'Content-Length: 2\r\n', 'POST'));
    other.send('by');
    await other.response();
    await engine.finished(2);
    // Nothing of the first answer has left: it is replaced by an error, which a tap sees too.
    assert.deepEqual(seen.slice(0, 4), ['up by', 'up whole', 'down 200 half', 'down 200 broken']);
    assert.match(seen.slice(4).join(' '), /^down 502 \{.*\} down 502 whole finished 502$/);
  });

  test('a tap of a body that nobody reads to its end is told so', async () => {
    await using upstream = await rawUpstream(answerEach(ok('early')));
    const seen: string[] = [];
    const tap: PolicyStep = {
      name: 'tap',
      tapRequest: () => noting(seen, 'up'),
      finished: () => void seen.push('finished'),
    };
    await using engine = await startEngine(withPolicies(createEngine, [tap]), [upstream]);
    const client = await engine.connect();
    client.send(get('/short/', 'Transfer-Encoding: chunked\r\n', 'POST'));
    client.send('b\r\nmore than 8\r\n');
    assert.equal((await client.response())?.status, 413);
    await engine.finished(1);
    assert.deepEqual(seen, ['up more than 8', 'up broken', 'finished']);
  });

  test('a trailer does not bring back what a step has removed from the head', async () => {
    const trailed =
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Secret: 1\r\nX-Sum: 2\r\n\r\n';
    await using upstream = await rawUpstream(answerEach(trailed));
    const strip: PolicyStep = {
      name: 'strip',
      request({ up }) {
        up.remove('X-User');
        return { kind: 'go-on' };
      },
      answer: ({ edits }) => edits.remove('X-Secret'),
    };
    await using engine = await startEngine(withPolicies(createEngine, [strip]), [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', 'Transfer-Encoding: chunked\r\nX-User: root\r\n', 'POST'));
    client.send('1\r\nx\r\n0\r\nx-user: root\r\nX-Sum: 1\r\n\r\n');
    assert.deepEqual((await client.response())?.trailers, ['X-Sum', '2']);
    const asked = upstream.connections[0]?.received.toString() ?? '';
    assert.match(asked, /0\r\nX-Sum: 1\r\n\r\n$/);
    assert.doesNotMatch(asked, /x-user/i);
  });

  test('a stream of events flows through the chain as it comes', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.request();
      connection.send('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n');
      connection.send('7\r\ndata: 1\r\n');
    });
    await using engine = await startEngine(withPolicies(createEngine, marks), [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    assert.deepEqual((await client.response({ toHead: true }))?.values('x-passed'), ['inner', 'outer']);
    await waitUntil('the first event is there', () => client.rest.includes('data: 1'));
    upstream.connections[0]?.send('7\r\ndata: 2\r\n');
    await waitUntil('the second as well', () => client.rest.includes('data: 2'));
    client.reset();
    assert.equal((await engine.finished(1))[0]?.['ending'], 'client-gone');
  });
}
