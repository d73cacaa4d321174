import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servedDashboard, servedRegistry } from '@flotilla/conformance';
import type { Batch } from '../store/index.ts';

const traceId = Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex');

function line(message: string, severity = 9): Batch {
  const resource = { service: 'shop', instanceId: 'shop-1', attributes: {} };
  return { resource, logs: [{ atUs: Date.now() * 1_000, severity, message, fields: {}, traceId }] };
}

/** Reads a stream of events until it has the text. */
async function until(url: string, text: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await fetch(url, { headers });
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  let read = '';
  for await (const chunk of response.body ?? []) {
    read += Buffer.from(chunk).toString();
    if (read.includes(text)) break;
  }
  return read;
}

test('what is asked wrongly is refused with the field, and what is left empty asks for nothing', async (t) => {
  const { ask } = await servedDashboard(t);
  for (const [path, field] of [
    ['requests?min_ms=fast', '?min_ms'],
    ['requests?limit=0', '?limit'],
    ['requests?colour=red', '?colour'],
    ['requests?at=home', '?at'],
    ['logs?level=loud', '?level'],
    ['metrics/query', '?name'],
    ['metrics/query?name=a&show=all', '?show'],
    ['topology?range_ms=1', '?range_ms'],
  ] as const) {
    const { status, fields } = await ask('GET', `/api/${path}`);
    assert.deepEqual([status, ...fields], [400, field], path);
  }
  assert.deepEqual((await ask('GET', '/api/requests?route=&status=&min_ms=')).body, { requests: [] });
  assert.equal((await ask('GET', '/api/metrics/query?name=a&group_by=b&group_by=c&filter.http.route=/x')).status, 200);
  const { status, body } = await ask('GET', `/api/traces/${traceId.toString('hex')}`);
  assert.equal(status, 404);
  assert.match(String(body?.['detail']), /not sampled, is older than what is kept, or has not arrived/);
});

test('a live tail sends what comes after it began, by its filter, and goes on where it was cut off', async (t) => {
  const { url, telemetry } = await servedDashboard(t);
  await telemetry.add([line('before')]);
  const tail = until(`${url}/api/logs/stream?level=warn`, 'second');
  // Until the tail has begun there is nothing to see of it: lines are sent until it has one.
  const sending = setInterval(() => void telemetry.add([line('unheard'), line('second', 13)]), 20);
  const read = await tail.finally(() => clearInterval(sending));
  assert.match(read, /event: log\nid: \d+\ndata: \{.*"message":"second"/);
  assert.doesNotMatch(read, /before|unheard/);
  const again = await until(`${url}/api/logs/stream`, 'second', { 'last-event-id': '0' });
  assert.match(again, /"message":"before"/);
});

test('telemetry is taken over HTTP, and shown in the topology that is sent to live pages', async (t) => {
  const { url, ask } = await servedDashboard(t);
  const nowNs = `${Date.now()}000000`;
  const span = {
    traceId: traceId.toString('hex'),
    spanId: '00f067aa0ba902b7',
    name: 'GET /users',
    kind: 2,
    startTimeUnixNano: nowNs,
    endTimeUnixNano: nowNs,
    attributes: [{ key: 'http.request.method', value: { stringValue: 'GET' } }],
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'user-service' } }] };
  const sent = { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] };
  assert.equal((await ask('POST', '/v1/traces', sent)).status, 200);
  assert.match(await until(`${url}/api/events`, 'event: topology'), /event: topology\ndata: \{.*user-service/);
  const guarded = await servedDashboard(t, { token: 'a-token-for-this-test' });
  assert.equal((await guarded.ask('POST', '/v1/traces', sent)).status, 401);
  const authorization = 'Bearer a-token-for-this-test';
  assert.equal((await guarded.ask('POST', '/v1/traces', sent, { authorization })).status, 200);
});

test('requests can be those that came in at the gateway, and are all where there is none', async (t) => {
  const registry = await servedRegistry(t);
  const { ask, telemetry, url } = await servedDashboard(t, { registryUrl: registry.url });
  const request = (service: string, at: number): Batch => ({
    resource: { service, attributes: {} },
    spans: [
      {
        ...{ traceId: Buffer.alloc(16, at), spanId: Buffer.alloc(8, at), parentSpanId: undefined, name: 'GET /users' },
        ...{ kind: 'server', startUs: Date.now() * 1_000, durationUs: 1, failed: false, attributes: {}, events: [] },
        ...{ links: [], weight: 1 },
      },
    ],
  });
  await telemetry.add([request('service-registry', 1), request('gateway', 2)]);
  const servicesOf = async (query: string): Promise<readonly string[]> => {
    const { requests } = (await ask('GET', `/api/requests${query}`)).body as unknown as {
      readonly requests: readonly { readonly service: string }[];
    };
    return requests.map(({ service }) => service).toSorted();
  };
  assert.deepEqual(await servicesOf('?at=gateway'), ['gateway', 'service-registry']);
  await registry.ask('POST', '/register', { name: 'gateway', address: '10.0.0.1', port: 8080, id: 'g-1' });
  await until(`${url}/api/events`, '"role":"gateway"');
  assert.deepEqual(await servicesOf('?at=gateway'), ['gateway']);
  assert.deepEqual(await servicesOf(''), ['gateway', 'service-registry']);
});
