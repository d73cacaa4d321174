// A service that reports to a real OpenTelemetry collector, by each protocol.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '@flotilla/testing';
import { eventually } from '../e2e/support/eventually.ts';
import { descendantsOf } from '../e2e/support/processes.ts';
import { spawnCommand } from '../e2e/support/spawned.ts';
import { temporaryFolder } from '../engine/programs.ts';
import {
  type RunningCollector,
  startCollector,
  type TakenAttribute,
  type TakenLog,
  type TakenMetric,
  type TakenSpan,
} from './otel-collector-server.ts';

/** What the collector has of one service. */
interface Reported {
  readonly spans: readonly TakenSpan[];
  readonly metrics: readonly TakenMetric[];
  readonly logs: readonly TakenLog[];
}

test('a real OpenTelemetry collector takes traces, metrics and logs by each protocol', async (t) => {
  await using collector = (await startCollector(t)) ?? null;
  if (collector === null) return;
  for (const [protocol, endpoint, more] of [
    ['http/protobuf', collector.http, { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }],
    ['http/json', collector.http, {}],
    ['grpc', collector.grpc, {}],
  ] as const)
    await t.test(protocol, async (each) => {
      const service = `user-service-${protocol.replace('/', '-')}`;
      const port = await freePort();
      const started = spawnCommand(process.execPath, ['apps/user-service/src/main.ts'], {
        ...{
          SERVER_PORT: String(port),
          REGISTRY_URL: 'static:user-service=127.0.0.1:1',
          CENTRAL_CONFIG_WAIT_MS: '0',
          LOG_FORMAT: 'json',
        },
        DATABASE_URL: `sqlite:${join(temporaryFolder(each), 'users.db')}`,
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_SERVICE_NAME: service,
        OTEL_BSP_SCHEDULE_DELAY: '100',
        OTEL_BLRP_SCHEDULE_DELAY: '100',
        OTEL_METRIC_EXPORT_INTERVAL: '500',
        ...more,
      });
      try {
        await started.says(/"msg":"listening"/);
        const url = `http://127.0.0.1:${port}`;
        const answer = await fetch(`${url}/users/1`);
        const traceId = answer.headers.get('x-trace-id');
        assert.ok(traceId);
        await eventually('everything has arrived', () => isComplete(reportedBy(collector, service), traceId));
        const { spans, metrics, logs } = reportedBy(collector, service);
        const server = spans.find((span) => span.traceId === traceId && span.kind === 2);
        assert.equal(server?.name, 'GET /users/:id');
        assert.equal(valueOf(server.attributes, 'http.response.status_code'), '200');
        const duration = metrics.find(({ name }) => name === 'http.server.request.duration');
        assert.equal(duration?.unit, 's');
        const point = duration.histogram?.dataPoints.find(
          ({ attributes }) => valueOf(attributes, 'http.route') === '/users/:id',
        );
        assert.equal(valueOf(point?.attributes ?? [], 'http.response.status_code'), '200');
        assert.deepEqual(
          point?.exemplars?.map((exemplar) => exemplar.traceId),
          [traceId],
        );
        const line = logs.find((log) => log.traceId === traceId && log.body.stringValue === 'request');
        assert.equal(line?.severityNumber, 9);
        assert.equal(valueOf(line.attributes, 'url.path'), '/users/1');
        // Written before anybody could send it.
        assert.ok(logs.some(({ body }) => body.stringValue === 'listening'));
        if (protocol === 'http/protobuf') await sameNames(collector, url);
      } finally {
        started.child.kill('SIGTERM');
        assert.equal((await started.ended).code, 0);
      }
    });
});

test('a gateway with workers reports as one program, and forgets nothing when workers die', async (t) => {
  await using collector = (await startCollector(t)) ?? null;
  if (collector === null) return;
  const port = await freePort();
  const gateway = spawnCommand(process.execPath, ['apps/gateway/src/main.ts'], {
    ...{ SERVER_PORT: String(port), REGISTRY_URL: 'static:user-service=127.0.0.1:1', CENTRAL_CONFIG_WAIT_MS: '0' },
    ...{ LOG_FORMAT: 'json', MAX_WORKERS: '2', GATEWAY_CONFIG: 'gateway.config.ts' },
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.http,
    OTEL_METRIC_EXPORT_INTERVAL: '300',
  });
  const reports = (): readonly { readonly count: number; readonly starts: readonly string[] }[] =>
    reportedBy(collector, 'gateway')
      .metrics.filter(({ name }) => name === 'http.server.request.duration')
      .map(({ histogram: { dataPoints } = { dataPoints: [] } }) => ({
        count: dataPoints.reduce((sum, point) => sum + Number(point.count), 0),
        starts: dataPoints.map((point) => point.startTimeUnixNano),
      }))
      .toReversed();
  let asked = 0;
  const ask = async (): Promise<void> => {
    for (let count = 0; count < 5; count += 1) {
      // A connection of its own, for any of the workers.
      const headers = { connection: 'close' };
      await eventually('the gateway answers', async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/no-such-path`, { headers }).catch(() => undefined);
        return answer?.status === 404;
      });
      asked += 1;
    }
    await eventually(`${asked} are reported`, () => (reports().at(-1)?.count ?? 0) >= asked);
  };
  try {
    await gateway.says(/"msg":"listening"/);
    await ask();
    for (const { pid } of descendantsOf(gateway.pid)) {
      process.kill(pid, 'SIGKILL');
      await ask();
    }
    const seen = reports();
    assert.deepEqual(
      seen.map(({ count }) => count),
      seen.map(({ count }) => count).toSorted((a, b) => a - b),
    );
    assert.equal(seen.at(-1)?.count, asked);
    assert.equal(new Set(seen.flatMap(({ starts }) => starts)).size, 1);
    const resources = collector.taken().flatMap(({ resourceMetrics = [] }) => resourceMetrics);
    assert.ok(resources.every(({ resource }) => valueOf(resource.attributes, 'process.pid') === undefined));
  } finally {
    gateway.child.kill('SIGTERM');
    await gateway.ended;
  }
});

/** Metrics are called the same, whether Prometheus reads them here or from the collector. */
async function sameNames(collector: RunningCollector, url: string): Promise<void> {
  const ours = namesIn(await (await fetch(`${url}/metrics`)).text());
  const theirs = namesIn(await collector.prometheusPage());
  // By OpenTelemetry's conventions these have other names, or are attributes of the resource.
  const others = /^(target_info|process_(resident|open_fds|cpu)|nodejs_(eventloop_lag|version))/;
  const missing = [...ours].filter((name) => !theirs.has(name) && !others.test(name));
  assert.deepEqual(missing, []);
}

/** The names of the samples: a metric that was only declared has none. */
function namesIn(page: string): ReadonlySet<string> {
  return new Set([...page.matchAll(/^(\w+)[{ ]/gm)].map(([, name = '']) => name));
}

function isComplete({ spans, metrics, logs }: Reported, traceId: string): boolean {
  return (
    spans.some((span) => span.traceId === traceId && span.kind === 2) &&
    logs.some((log) => log.traceId === traceId) &&
    metrics.some(({ name, histogram }) => {
      const points = histogram?.dataPoints ?? [];
      return name === 'http.server.request.duration' && points.some((point) => (point.exemplars ?? []).length > 0);
    })
  );
}

function reportedBy(collector: RunningCollector, service: string): Reported {
  const isIts = ({ resource }: { resource: { attributes: readonly TakenAttribute[] } }): boolean =>
    valueOf(resource.attributes, 'service.name') === service;
  const taken = collector.taken();
  return {
    spans: taken.flatMap(({ resourceSpans = [] }) =>
      resourceSpans.filter(isIts).flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    ),
    // The latest values come first.
    metrics: taken
      .toReversed()
      .flatMap(({ resourceMetrics = [] }) =>
        resourceMetrics.filter(isIts).flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics)),
      ),
    logs: taken.flatMap(({ resourceLogs = [] }) =>
      resourceLogs.filter(isIts).flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
    ),
  };
}

function valueOf(attributes: readonly TakenAttribute[], name: string): string | undefined {
  const value = attributes.find(({ key }) => key === name)?.value;
  return value?.stringValue ?? value?.intValue;
}
