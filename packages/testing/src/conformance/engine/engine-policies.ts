import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '@flotilla/contracts';
import type { BodyTap, CreateEngine, PolicyStep } from '@flotilla/gateway';
import { answerEach, fakeUpstream } from '../../fake-upstream.ts';
import { waitUntil } from '../../wait-until.ts';
import { get, ok, startEngine } from './engine-harness.ts';
import { webSocketOffer, webSocketSwitch } from './web-socket.ts';
import { withPolicies } from './with-policies.ts';

/** Says in both directions that it was passed. */
function mark(name: string): PolicyStep {
  return {
    name,
    request({ up }) {
      up.add('X-Passed', name);
      return { kind: 'go-on' };
    },
    answer: ({ edits }) => edits.add('X-Passed', name),
  };
}

const marks = [mark('outer'), mark('inner')];

/** Notes what a tap sees. */
function noting(seen: string[], name: string): BodyTap {
  return {
    bytes: (chunk, start, end) => void seen.push(`${name} ${chunk.toString('latin1', start, end)}`),
    end: (whole) => void seen.push(`${name} ${whole ? 'whole' : 'broken'}`),
  };
}

/** Chains of policies that decide at once: what they see, change and answer. */
export function policyTests(createEngine: CreateEngine): void {
  test('requests pass the chain from its first step on, answers back to it', async () => {
    await using upstream = await fakeUpstream(answerEach(ok('hello')));
    await using engine = await startEngine(withPolicies(createEngine, marks), [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', 'X-Passed: by the client\r\n'));
    assert.deepEqual((await client.response())?.values('x-passed'), ['inner', 'outer']);
    const head = upstream.connections[0]?.received.toString() ?? '';
    assert.deepEqual(head.match(/^x-passed: .*$/gim), [
      'X-Passed: by the client',
      'X-Passed: outer',
      'X-Passed: inner',
    ]);
  });

  test('a step sees the head as it came, and can tell which requests came on one connection', async () => {
    await using upstream = await fakeUpstream(answerEach(ok('hello')));
    const seen: { readonly target: string; readonly client: object; readonly requestId: string }[] = [];
    const watch: PolicyStep = {
      name: 'watch',
      request({ head, client, identity }) {
        assert.equal(client.remoteAddress, '127.0.0.1');
        seen.push({ target: head.target, client, requestId: identity.requestId });
        return { kind: 'go-on' };
      },
    };
    await using engine = await startEngine(withPolicies(createEngine, [watch]), [upstream]);
    const [client, other] = [await engine.connect(), await engine.connect()];
    client.send(get('/ship/1', 'X-Request-Id: first-one\r\n'));
    await client.response();
    client.send(get('/ship/2'));
    await client.response();
    other.send(get('/ship/3'));
    await other.response();
    const [first, second, third] = seen;
    assert.deepEqual([first?.target, first?.requestId], ['/ship/1', 'first-one']);
    assert.equal(first?.client, second?.client);
    assert.notEqual(first?.client, third?.client);
  });

  test('all that the gateway answers itself passes it on the way down, and asks nobody where no route serves', async () => {
    await using upstream = await fakeUpstream(answerEach(ok('{}').replace('text/plain', 'application/json')));
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

  test('the parts of an aggregate are asked with what the chain has said', async () => {
    await using upstream = await fakeUpstream(answerEach(ok('1').replace('text/plain', 'application/json')));
    await using engine = await startEngine(withPolicies(createEngine, marks), [upstream]);
    const client = await engine.connect();
    client.send(get('/both'));
    const answer = await client.response();
    assert.deepEqual([answer?.body, answer?.values('x-passed')], ['{"a":1,"b":1}', ['inner', 'outer']]);
    const asked = upstream.connections.map(({ received }) => received.toString()).join('');
    assert.equal(asked.match(/X-Passed: outer\r\nX-Passed: inner\r\n/g)?.length, 2);
  });

  test('a step that answers is the last that sees the request, and the log says which it was', async () => {
    await using upstream = await fakeUpstream(answerEach(ok('hello')));
    const closed: PolicyStep = {
      name: 'closed',
      request: () => ({ kind: 'answer', response: { status: 302, headers: ['Location', '/login'], body: 'first' } }),
    };
    const never: PolicyStep = { name: 'never', request: () => assert.fail('it was asked') };
    await using engine = await startEngine(withPolicies(createEngine, [...marks, closed, never]), [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/') + get('/ship/', '', 'HEAD'));
    const answer = await client.response();
    assert.deepEqual([answer?.status, answer?.body, answer?.values('x-passed')], [302, 'first', ['inner', 'outer']]);
    const head = await client.response({ toHead: true });
    assert.deepEqual(
      [head?.status, head?.values('content-length'), head?.values('location')],
      [302, ['5'], ['/login']],
    );
    const [line] = await engine.finished(2);
    assert.deepEqual([line?.['policy'], line?.['route'], line?.['attempts']], ['closed', '/ship/', undefined]);
    assert.equal(upstream.connections.length, 0);
    assert.equal(client.rest, '');
  });

  test('a body that nobody wants ends its connection after the answer, and one that came along does not', async () => {
    await using upstream = await fakeUpstream();
    const refuse: PolicyStep = {
      name: 'refuse',
      request: () => ({ kind: 'refuse', error: new AppError('FORBIDDEN') }),
    };
    await using engine = await startEngine(withPolicies(createEngine, [refuse]), [upstream]);
    const client = await engine.connect();
    client.send(`${get('/ship/', 'Content-Length: 4\r\n', 'POST')}body`);
    assert.equal((await client.response())?.status, 403);
    client.send(get('/ship/', 'Content-Length: 4\r\nExpect: 100-continue\r\n', 'POST'));
    const answer = await client.response();
    assert.deepEqual([answer?.status, answer?.values('connection')], [403, ['close']]);
    assert.equal(await client.ended(), 'ended');
    assert.deepEqual(
      (await engine.finished(2)).map((line) => line['requestBytes']),
      [4, 0],
    );
  });

  test('what a step throws is told: its own error, or that there was one', async () => {
    await using upstream = await fakeUpstream(answerEach(ok('hello')));
    for (const [error, status] of [
      [new AppError('TOO_MANY_REQUESTS'), 429],
      [new Error('secret'), 500],
    ] as const) {
      const broken: PolicyStep = {
        name: 'broken',
        request() {
          throw error;
        },
      };
      await using engine = await startEngine(withPolicies(createEngine, [mark('outer'), broken]), [upstream]);
      const client = await engine.connect();
      client.send(get('/ship/'));
      const answer = await client.response();
      assert.deepEqual([answer?.status, answer?.values('x-passed')], [status, ['outer']]);
      assert.doesNotMatch(answer?.body ?? '', /secret/);
    }
  });

  test('an answer that a step refuses is replaced, and the steps above it see what is told instead', async () => {
    await using upstream = await fakeUpstream(answerEach(ok('x'.repeat(100_000), 'X-Secret: 1\r\n')));
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

  test('an upgrade passes the chain as well: it can be refused on its way up and on its way down', async () => {
    await using upstream = await fakeUpstream(async (connection) => {
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

  test('taps see the bytes of both bodies and how they ended, and a step hears when all is over', async () => {
    await using upstream = await fakeUpstream(async (connection, index) => {
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

  test('a trailer does not bring back what a step has taken out of the head', async () => {
    const trailed =
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Secret: 1\r\nX-Sum: 2\r\n\r\n';
    await using upstream = await fakeUpstream(answerEach(trailed));
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

  test('an attempt at another instance is made with what the chain has said once', async () => {
    const answering = answerEach(ok('hello'));
    await using broken = await fakeUpstream(async (connection) => {
      await connection.request();
      connection.reset();
    });
    await using well = await fakeUpstream(answering);
    await using engine = await startEngine(withPolicies(createEngine, marks), [broken, well]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    assert.equal((await client.response())?.body, 'hello');
    const [line] = await engine.finished(1);
    assert.equal(line?.['attempts'], 2);
    assert.equal(well.connections[0]?.received.toString().match(/X-Passed/g)?.length, 2);
  });

  test('a stream of events flows through the chain as it comes', async () => {
    await using upstream = await fakeUpstream(async (connection) => {
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
