import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeDiscovery, RawClient, rawUpstream, watchedEngine } from '@flotilla/conformance';
import { createHealth } from '@flotilla/kit/health';
import { createLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { waitUntil } from '@flotilla/testing';
import { createGateway } from '../../gateway.ts';
import { createSocketEngine } from '../socket-engine.ts';

test('where nothing is traced, the service gets the id of the request, and no spans are gathered', async () => {
  const parents: (string | undefined)[] = [];
  await using upstream = await rawUpstream(async (connection) => {
    parents.push((await connection.request())?.headers.get('traceparent') ?? undefined);
    connection.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  });
  const discovery = new FakeDiscovery();
  discovery.set('ship', [{ id: 'ship-0', address: upstream.address, port: upstream.port }]);
  const watched = watchedEngine(createSocketEngine);
  let logged = '';
  const sink = { write: (text: string) => void (logged += text) };
  const logger = createLogger({ service: 'gateway', instance: 'test', format: 'json', stdout: sink, stderr: sink });
  const gateway = createGateway({
    config: { routes: [{ kind: 'proxy', match: '/', service: 'ship' }] },
    discovery,
    createEngine: watched.createEngine,
    logger,
    metrics: createMetrics(),
    health: createHealth(),
  });
  try {
    const { port } = await gateway.listen({ host: '127.0.0.1', port: 0 });
    using client = await RawClient.connect(port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    assert.equal((await client.response())?.status, 200);
    await waitUntil('it is over', () => watched.records.length === 1);
    const [record] = watched.records;
    assert.equal(record?.spans, undefined);
    assert.deepEqual(parents, [`00-${record?.identity.trace.traceId}-${record?.identity.trace.spanId}-01`]);
    assert.match(logged, new RegExp(`"traceId":"${record?.identity.trace.traceId}"`));
    assert.doesNotMatch(logged, /spanId/);
  } finally {
    await gateway.close();
  }
});
