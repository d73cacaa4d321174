import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { LineTap, silentLogger } from '../logger/index.ts';
import { createMetrics } from '../telemetry/index.ts';
import type { TelemetryConfig } from './otlp-target.ts';
import { startTelemetry } from './start-telemetry.ts';

test('a receiver that answers none of the signals delays a stop by two seconds in all', async (t) => {
  let connections = 0;
  const silent = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    t.after(() => socket.destroy());
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.after(() => void silent.close());
  // A server on TCP has an address of this kind once it listens.
  const { port } = silent.address() as AddressInfo;
  const clock = new FakeClock();
  const metrics = createMetrics();
  const tap = new LineTap();
  const config: Partial<TelemetryConfig> = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    TRACE_SLOW_MS: 0,
  };
  const telemetry = await startTelemetry({
    // The others are not set.
    config: config as TelemetryConfig,
    ...{ clock, metrics, tap, logger: silentLogger(), hasWorkers: false },
    program: { name: 'cart-service', instance: 'one', version: undefined },
    collect: () => metrics.snapshot(),
    onLead: (run) => run(),
  });
  const { tracer } = telemetry;
  assert.ok(tracer);
  const context = tracer.begin(undefined);
  tracer.record({
    ...{ context, parentSpanId: undefined, name: 'x', kind: 'internal', startedMs: 0, durationMs: 1, failed: false },
    attributes: {},
  });
  tap.put('{"level":"info","time":"2026-01-01T00:00:00.000Z","msg":"x"}\n');
  let isClosed = false;
  const closing = telemetry.close().then(() => (isClosed = true));
  await waitUntil('spans and metrics are on their way', () => connections === 2);
  await clock.advanceAsync(1_999);
  assert.ok(!isClosed);
  await clock.advanceAsync(1);
  await waitUntil('the stop goes on', () => isClosed);
  await closing;
});
