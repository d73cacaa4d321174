import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createHealth } from '@flotilla/kit/health';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { listenAlone } from '@flotilla/kit/workers';
import { FakeClock } from '@flotilla/testing';
import { Collector } from './collector.ts';
import { otlpGrpcServer } from './otlp-services.ts';

test('who sends OTLP over HTTP to the port for gRPC learns where to send it', async (t) => {
  const clock = new FakeClock();
  const context = {
    ...{
      clock,
      listen: listenAlone,
      logger: silentLogger(),
      metrics: createMetrics(),
      health: createHealth({ clock }),
    },
    config: { DEFAULT_LOCALE: 'en' },
  } as const;
  const collector = new Collector(() => Promise.resolve({ rejected: 0 }), clock);
  for (const [httpPort, elsewhere] of [
    [4318, 'port 4318'],
    [0, "the dashboard's own port"],
  ] as const) {
    const server = otlpGrpcServer(context, collector, httpPort);
    t.after(() => server.close());
    const { port } = await server.listen({ name: 'otlp-grpc', host: '127.0.0.1', port: 0 });
    const response = await fetch(`http://127.0.0.1:${port}/v1/traces`, { method: 'POST', body: '{}' });
    assert.equal(response.status, 505);
    const text = await response.text();
    assert.ok(text.includes(`Send OTLP over HTTP to ${elsewhere}, or set OTEL_EXPORTER_OTLP_PROTOCOL=grpc.`), text);
  }
});
