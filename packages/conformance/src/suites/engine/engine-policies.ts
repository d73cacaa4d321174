import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '@flotilla/contracts';
import type { CreateEngine, PolicyStep } from '@flotilla/gateway';
import { answerEach, rawUpstream } from '../../raw-upstream.ts';
import { get, ok, startEngine } from './engine-harness.ts';
import { mark, marks, withPolicies } from './with-policies.ts';

/** What steps see of requests, change of them, and decide on at once. */
export function policyTests(createEngine: CreateEngine): void {
  test('requests pass the chain from its first step on, answers in reverse', async () => {
    await using upstream = await rawUpstream(answerEach(ok('hello')));
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
    await using upstream = await rawUpstream(answerEach(ok('hello')));
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

  test('the parts of an aggregate are called with what the chain has said', async () => {
    await using upstream = await rawUpstream(answerEach(ok('1').replace('text/plain', 'application/json')));
    await using engine = await startEngine(withPolicies(createEngine, marks), [upstream]);
    const client = await engine.connect();
    client.send(get('/both'));
    const answer = await client.response();
    assert.deepEqual([answer?.body, answer?.values('x-passed')], ['{"a":1,"b":1}', ['inner', 'outer']]);
    const asked = upstream.connections.map(({ received }) => received.toString()).join('');
    assert.equal(asked.match(/X-Passed: outer\r\nX-Passed: inner\r\n/g)?.length, 2);
  });

  test('a step that answers is the last that sees the request, and the log names it', async () => {
    await using upstream = await rawUpstream(answerEach(ok('hello')));
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

  test('a body that nobody wants ends its connection after the answer; one that came with the head does not', async () => {
    await using upstream = await rawUpstream();
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

  test('what a step throws is the answer: its own error, or an internal one', async () => {
    await using upstream = await rawUpstream(answerEach(ok('hello')));
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

  test('an attempt at another instance uses what the chain has said once', async () => {
    const answering = answerEach(ok('hello'));
    await using broken = await rawUpstream(async (connection) => {
      await connection.request();
      connection.reset();
    });
    await using well = await rawUpstream(answering);
    await using engine = await startEngine(withPolicies(createEngine, marks), [broken, well]);
    const client = await engine.connect();
    client.send(get('/ship/'));
    assert.equal((await client.response())?.body, 'hello');
    const [line] = await engine.finished(1);
    assert.equal(line?.['attempts'], 2);
    assert.equal(well.connections[0]?.received.toString().match(/X-Passed/g)?.length, 2);
  });
}
