// Stock OpenTelemetry of other languages sends to the dashboard's collector.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { serveGrpc } from '@flotilla/conformance/grpc';
import { engineCache } from '@flotilla/conformance/registries';
import { systemClock } from '@flotilla/contracts';
import { Collector, otlpRoutes, otlpServices } from '@flotilla/dashboard/collector';
import { openTelemetry, type Telemetry } from '@flotilla/dashboard/telemetry';
import { silentLogger } from '@flotilla/kit/logger';
import { serveApp } from '@flotilla/testing/http';
import { missing, run, temporaryFolder } from '../engine/programs.ts';
import { goFor } from './go-for.ts';
import { runClient } from './run-client.ts';

const protocols = ['http', 'http-gzip', 'grpc'] as const;

interface Taking {
  readonly telemetry: Telemetry;
  readonly httpPort: number;
  readonly grpcPort: number;
  /** Why something was rejected. */
  trouble(): string | undefined;
}

async function taking(t: TestContext): Promise<Taking> {
  const telemetry = await openTelemetry({ file: ':memory:', logger: silentLogger() });
  const collector = new Collector((...sent) => telemetry.receive(...sent), systemClock);
  const app = await serveApp((http) => otlpRoutes(http, collector));
  const { server, port } = await serveGrpc(otlpServices(collector));
  t.after(async () => {
    await app.close();
    await server.close();
    await telemetry.close();
  });
  return {
    telemetry,
    httpPort: Number(new URL(app.url).port),
    grpcPort: port,
    trouble: () => collector.trouble?.message,
  };
}

/** Runs a client for each protocol, and asks for all that it has sent. */
async function checkEach(
  t: TestContext,
  client: (words: readonly string[]) => Promise<readonly string[]>,
): Promise<void> {
  const { telemetry, httpPort, grpcPort, trouble } = await taking(t);
  for (const protocol of protocols) {
    const service = `shop-${protocol}`;
    const [traceId = ''] = await client([protocol, `${protocol === 'grpc' ? grpcPort : httpPort}`, service]);
    assert.equal(trouble(), undefined);
    await t.test(protocol, () => checkKept(telemetry, service, traceId));
  }
}

async function checkKept({ queries }: Telemetry, service: string, traceId: string): Promise<void> {
  const trace = await queries.trace(traceId);
  assert.deepEqual(
    trace?.spans.map(
      (span) => `${span.service} ${span.kind} ${span.name} ${span.failed ? (span.message ?? 'failed') : 'fine'}`,
    ),
    [`${service} server GET /cart failed`, `${service} internal read cart no cart`],
  );
  assert.deepEqual(trace?.spans[0]?.attributes['sizes'], [1, 2, 3]);
  assert.equal(trace?.spans[1]?.events[0]?.name, 'exception');
  assert.deepEqual(
    trace?.logs.map(({ level, message }) => `${level} ${message}`),
    ['warn the cart is empty'],
  );
  const { requests } = await queries.requests({ service });
  assert.deepEqual(
    requests.map(({ method, path, status, failed }) => `${method} ${path} ${status} ${failed}`),
    ['GET /cart 500 true'],
  );
  const { metrics } = await queries.metrics();
  const measured = metrics
    .filter(({ services }) => services.includes(service))
    .map(({ name, kind }) => `${name} ${kind}`);
  assert.ok(measured.includes('shop.orders sum') && measured.includes('shop.duration histogram'), String(measured));
  const range = { fromMs: Date.now() - 60_000, toMs: Date.now() + 10_000, points: 1 };
  const p50 = await queries.metric({ name: 'shop.duration', show: 'p50', where: { service }, ...range });
  assert.ok((p50.series[0]?.values.find((value) => value !== null) ?? 0) > 0, JSON.stringify(p50));
}

test('OpenTelemetry for Python sends traces, metrics and logs', async (t) => {
  const python = join(engineCache, 'otel-python/bin/python');
  if (!existsSync(python))
    return missing(t, 'OpenTelemetry for Python is not installed (tests/clients/install.sh)', 'otel-python');
  const program = join(import.meta.dirname, 'otel/otel_client.py');
  await checkEach(t, (words) => runClient(python, [program, ...words], { restart: async () => undefined }));
});

test('OpenTelemetry for Go sends traces, metrics and logs', async (t) => {
  const go = goFor(t, 'otel-go', 'tests/clients/otel/go/go.mod');
  if (go === undefined) return;
  const program = join(temporaryFolder(t), 'client');
  const cwd = join(import.meta.dirname, 'otel/go');
  const built = await run(go, ['build', '-o', program, '.'], {
    cwd,
    env: { GOTOOLCHAIN: 'local' },
    timeoutMs: 240_000,
  });
  if (built.status !== 0) throw new Error(built.stderr);
  await checkEach(t, (words) => runClient(program, words, { restart: async () => undefined }));
});
