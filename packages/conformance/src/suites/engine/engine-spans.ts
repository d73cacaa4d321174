import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import type { FinishedSpan } from '@flotilla/kit/telemetry';
import { waitUntil } from '@flotilla/testing';
import { rawUpstream } from '../../raw-upstream.ts';
import { type EngineHarness, get, ok, startEngine } from './engine-harness.ts';
import { webSocketOffer, webSocketSwitch } from './web-socket.ts';

const outside = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' };
const sampled = `traceparent: 00-${outside.trace}-${outside.span}-01\r\n`;
const unsampled = `traceparent: 00-${outside.trace}-${outside.span}-00\r\n`;

/** `name kind outcome` of each span, children under their parents. */
function shown(engine: EngineHarness): readonly string[] {
  const lines: string[] = [];
  const show = (parent: FinishedSpan, depth: number): void => {
    const { attributes, failed } = parent;
    const outcome = attributes['http.response.status_code'] ?? attributes['error.type'] ?? '';
    lines.push(`${'  '.repeat(depth)}${parent.name} ${parent.kind} ${outcome}${failed ? ' failed' : ''}`);
    for (const span of engine.spans) if (span.parentSpanId === parent.context.spanId) show(span, depth + 1);
  };
  const ids = new Set(engine.spans.map(({ context }) => context.spanId));
  for (const span of engine.spans) if (!ids.has(span.parentSpanId ?? '')) show(span, 0);
  return lines;
}

function named(engine: EngineHarness, name: string): FinishedSpan {
  return engine.spans.find((span) => span.name === name) ?? assert.fail(`There is no span ${name}`);
}

/** What requests and their attempts leave behind when somebody wants to know. */
export function spanTests(createEngine: CreateEngine): void {
  test('a request is a span in the trace of its caller, and its attempt is one, whose id the service gets', async () => {
    const parents: (string | undefined)[] = [];
    await using upstream = await rawUpstream(async (connection) => {
      parents.push((await connection.request())?.headers.get('traceparent') ?? undefined);
      connection.send(ok('hi'));
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/a?page=2&api_key=hush', `${sampled}User-Agent: curl/8\r\n`));
    assert.equal((await client.response())?.status, 200);
    await engine.finished(1);
    assert.deepEqual(shown(engine), ['GET /ship/ server 200', '  GET ship client 200']);
    const [server, attempt] = [named(engine, 'GET /ship/'), named(engine, 'GET ship')];
    assert.deepEqual([server.context.traceId, server.parentSpanId], [outside.trace, outside.span]);
    assert.deepEqual(parents, [`00-${outside.trace}-${attempt.context.spanId}-01`]);
    assert.equal(server.attributes['url.query'], 'page=2&api_key=REDACTED');
    assert.equal(server.attributes['user_agent.original'], 'curl/8');
    const url = `http://127.0.0.1:${upstream.port}/ship/a?page=2&api_key=REDACTED`;
    assert.deepEqual([attempt.attributes['url.full'], attempt.attributes['peer.service']], [url, 'ship']);
    assert.equal(engine.requests[0]?.['spanId'], server.context.spanId);
  });

  test('each attempt is a span, which says why there was another one', async () => {
    await using dead = await rawUpstream();
    const parents: (string | undefined)[] = [];
    await using alive = await rawUpstream(async (connection) => {
      parents.push((await connection.request())?.headers.get('traceparent') ?? undefined);
      connection.send(ok('alive'));
    });
    await dead.refuse();
    await using engine = await startEngine(createEngine, [dead, alive]);
    const client = await engine.connect();
    // Not sampled; kept all the same, since something has failed.
    client.send(get('/ship/', unsampled));
    assert.equal((await client.response())?.status, 200);
    await engine.finished(1);
    assert.deepEqual(shown(engine), [
      'GET /ship/ server 200',
      '  GET ship client refused failed',
      '  GET ship client 200',
    ]);
    const [first, second] = engine.spans.filter(({ kind }) => kind === 'client');
    assert.equal(first?.message, 'refused (ECONNREFUSED)');
    assert.equal(second?.attributes['flotilla.retry_reason'], 'refused (ECONNREFUSED)');
    assert.deepEqual([second?.attributes['flotilla.attempt'], second?.attributes['http.request.resend_count']], [2, 1]);
    assert.deepEqual(parents, [`00-${outside.trace}-${second?.context.spanId}-00`]);
  });

  test('a request that is not sampled leaves nothing if all went well, and the service is told so', async () => {
    const parents: (string | undefined)[] = [];
    await using upstream = await rawUpstream(async (connection) => {
      parents.push((await connection.request())?.headers.get('traceparent') ?? undefined);
      connection.send(ok('hi'));
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', unsampled));
    assert.equal((await client.response())?.status, 200);
    await engine.finished(1);
    assert.deepEqual(engine.spans, []);
    assert.match(parents[0] ?? '', new RegExp(`^00-${outside.trace}-[0-9a-f]{16}-00$`));
  });

  test('of two traceparents nobody knows which is meant: a new trace begins, without a parent', async () => {
    const parents: (string | undefined)[] = [];
    await using upstream = await rawUpstream(async (connection) => {
      parents.push((await connection.request())?.headers.get('traceparent') ?? undefined);
      connection.send(ok('hi'));
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/', `${sampled}${sampled.replaceAll('-0', '-1')}`));
    assert.equal((await client.response())?.status, 200);
    await engine.finished(1);
    const server = engine.spans.find(({ kind }) => kind === 'server');
    assert.notEqual(server?.context.traceId, outside.trace);
    assert.equal(server?.parentSpanId, undefined);
    assert.match(parents[0] ?? '', new RegExp(`^00-${server?.context.traceId}-`));
  });

  test('what the gateway answers itself is a span without attempts, errors with their code; a probe is none', async () => {
    await using engine = await startEngine(createEngine, []);
    for (const [target, fields] of [
      ['/livez', ''],
      ['/livez', sampled],
      ['/nothing', ''],
      ['/ghost', ''],
    ] as const) {
      const client = await engine.connect();
      client.send(get(target, fields));
      await client.response();
    }
    const broken = await engine.connect();
    broken.send('nonsense\r\n\r\n');
    await broken.response();
    await engine.finished(5);
    assert.deepEqual(shown(engine), [
      'GET /livez server 200',
      'GET server 404',
      'GET /ghost server 503 failed',
      'HTTP server 400',
    ]);
    const types = engine.spans.map(({ attributes }) => attributes['error.type']);
    assert.deepEqual(types, [undefined, 'ROUTE_NOT_FOUND', 'SERVICE_UNAVAILABLE', 'BAD_MESSAGE']);
  });

  test('parts of an aggregate are spans of their own, with their attempts in them', async () => {
    const parents: string[] = [];
    await using upstream = await rawUpstream(async (connection) => {
      for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
        parents.push(request.headers.get('traceparent')?.split('-')[2] ?? '');
        connection.send(request.target === '/a' ? ok('1', 'Content-Type: application/json\r\n') : ok('no JSON'));
      }
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/both'));
    assert.equal((await client.response())?.status, 200);
    await engine.finished(1);
    assert.deepEqual(shown(engine), [
      'GET /both server 200',
      '  part a internal ',
      '    GET ship client 200',
      '  part b internal BAD_GATEWAY failed',
      '    GET ship client 200',
    ]);
    const attempts = engine.spans.filter(({ kind }) => kind === 'client').map(({ context }) => context.spanId);
    assert.deepEqual(attempts.toSorted(), parents.toSorted());
  });

  test('a policy that asks a service is a span, and what it decided', async () => {
    const asked: (string | undefined)[] = [];
    await using upstream = await rawUpstream(async (connection) => {
      const fields = (await connection.request())?.headers;
      asked.push(fields?.get('traceparent')?.split('-')[2], fields?.get('baggage') ?? undefined);
      connection.send('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    });
    await using engine = await startEngine(createEngine, [upstream], {
      routes: [
        {
          kind: 'proxy',
          match: '/ship/',
          service: 'ship',
          policies: [{ kind: 'ask', service: 'ship', target: '/check', errors: { 403: 'FORBIDDEN' } }],
        },
      ],
    });
    const client = await engine.connect();
    client.send(get('/ship/', 'baggage: tenant=blue\r\n'));
    assert.equal((await client.response())?.status, 403);
    await engine.finished(1);
    assert.deepEqual(shown(engine), [
      'GET /ship/ server 403',
      '  policy ask ship internal FORBIDDEN',
      '    GET ship client 403',
    ]);
    assert.deepEqual(asked, [named(engine, 'GET ship').context.spanId, 'tenant=blue']);
    assert.equal(named(engine, 'GET /ship/').attributes['flotilla.policy'], 'ask ship');
  });

  test('a tunnel is a span as long as it was open', async () => {
    await using upstream = await rawUpstream(async (connection) => {
      await connection.receive('\r\n\r\n');
      connection.send(webSocketSwitch);
    });
    await using engine = await startEngine(createEngine, [upstream]);
    const client = await engine.connect();
    client.send(get('/ship/ws', webSocketOffer));
    assert.equal((await client.response())?.status, 101);
    await engine.clock.advanceAsync(4_000);
    client.reset();
    await engine.finished(1);
    assert.deepEqual(shown(engine), ['GET /ship/ server 101', '  GET ship client 101']);
    for (const span of engine.spans) assert.equal(span.durationMs, 4_000);
  });

  test('an answer that is cut has failed, and a client that leaves has not', async () => {
    await using upstream = await rawUpstream(async (connection, index) => {
      await connection.request();
      if (index > 0) return;
      connection.send('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhal');
      await waitUntil('the client has some of it', () => begun.answered);
      connection.reset();
    });
    const begun = { answered: false };
    await using engine = await startEngine(createEngine, [upstream]);
    const cut = await engine.connect();
    cut.send(get('/ship/'));
    await waitUntil('it has begun', () => cut.rest.includes('hal'));
    begun.answered = true;
    await engine.finished(1);
    const gone = await engine.connect();
    gone.send(get('/ship/'));
    await waitUntil('it was asked', () => upstream.connections[1]?.received.length !== 0);
    gone.reset();
    await engine.finished(2);
    assert.deepEqual(shown(engine), [
      'GET /ship/ server 200 failed',
      '  GET ship client reset failed',
      'GET /ship/ server client_gone',
      '  GET ship client cancelled',
    ]);
  });
}
