import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig, telemetrySettings } from '../config/index.ts';
import { readBatchLimits } from './batch-limits.ts';
import { readMetricSchedule } from './metric-export.ts';
import { readTarget, type TelemetryConfig } from './otlp-target.ts';
import { resourceOf } from './resource.ts';

function configOf(env: Readonly<Record<string, string>>): TelemetryConfig {
  const loaded = loadConfig({ program: 'p', settings: telemetrySettings(), env, argv: [] });
  assert.ok(loaded.ok, 'none of these settings keeps a program from starting');
  return loaded.config;
}

/** The settings without the common beginning of their names. */
const read = (env: Readonly<Record<string, string>>, signal: 'traces' | 'metrics' | 'logs' = 'traces') =>
  readTarget(configOf(Object.fromEntries(Object.entries(env).map(([name, value]) => [`OTEL_${name}`, value]))), signal);

test('an endpoint of all signals gets the path of the signal; one of a single signal is used as it is', () => {
  const url = (env: Record<string, string>): string | undefined => read(env).target?.url.href;
  assert.equal(url({ EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }), 'http://c:4318/v1/traces');
  assert.equal(url({ EXPORTER_OTLP_ENDPOINT: 'https://c/otlp/?a=1' }), 'https://c/otlp/v1/traces?a=1');
  assert.equal(url({ EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }), 'http://localhost:4318/v1/traces');
  assert.equal(url({ EXPORTER_OTLP_ENDPOINT: 'http://c', EXPORTER_OTLP_TRACES_ENDPOINT: 'http://d/x' }), 'http://d/x');
  assert.equal(url({ EXPORTER_OTLP_METRICS_ENDPOINT: 'http://d/x' }), undefined);
  assert.equal(url({ EXPORTER_OTLP_ENDPOINT: 'http://c:4317', EXPORTER_OTLP_PROTOCOL: 'grpc' }), 'http://c:4317/');
  assert.equal(url({ EXPORTER_OTLP_ENDPOINT: 'http://c', TRACES_EXPORTER: 'none' }), undefined);
});

test('what is wrong is named, never keeps the program from starting, and its default is used', () => {
  const { target, problems } = read({
    EXPORTER_OTLP_ENDPOINT: 'http://c',
    EXPORTER_OTLP_PROTOCOL: 'thrift',
    EXPORTER_OTLP_TIMEOUT: '10s',
    EXPORTER_OTLP_TRACES_COMPRESSION: 'brotli',
    EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem',
    EXPORTER_OTLP_HEADERS: 'a=1, Bearer c2VjcmV0==,secret-without-value, d=%zz,host=x,e=%0d%0aevil',
    TRACES_EXPORTER: 'zipkin',
  });
  assert.deepEqual([target?.protocol, target?.timeoutMs, target?.gzip], ['http/protobuf', 10_000, false]);
  assert.deepEqual(target?.headers, { a: '1', d: '%zz' });
  assert.deepEqual(
    problems.map((problem) => problem.replace(/ENOENT.*pem'/, 'ENOENT')),
    [
      'OTEL_TRACES_EXPORTER: "zipkin" is not otlp or none. Traces are sent by OTLP.',
      'OTEL_EXPORTER_OTLP_PROTOCOL is not one of http/protobuf, http/json, grpc. It is http/protobuf.',
      'OTEL_EXPORTER_OTLP_HEADERS has entries that are no headers (entry 2, entry 3, host, e). They are not sent.',
      'OTEL_EXPORTER_OTLP_TIMEOUT is not a whole number of milliseconds, 0 to 2147483647. It is 10000.',
      'OTEL_EXPORTER_OTLP_TRACES_COMPRESSION is not gzip or none. It is none.',
      'OTEL_EXPORTER_OTLP_CERTIFICATE cannot be read: ENOENT. It is not used.',
    ],
  );
  for (const endpoint of ['ftp://c', 'http://', '://', 'http://a b'])
    assert.match(read({ EXPORTER_OTLP_ENDPOINT: endpoint }).problems[0] ?? '', /Traces are not sent\.$/);
});

test('headers are percent-decoded, their names lower case; those of a signal replace those of all', () => {
  const common = { EXPORTER_OTLP_ENDPOINT: 'http://c', EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20dTpw, x-a=b=c' };
  assert.deepEqual(read(common).target?.headers, { authorization: 'Basic dTpw', 'x-a': 'b=c' });
  assert.deepEqual(read({ ...common, EXPORTER_OTLP_TRACES_HEADERS: 'k=v' }).target?.headers, { k: 'v' });
  assert.deepEqual(read({ ...common, EXPORTER_OTLP_TRACES_HEADERS: 'k=v' }, 'logs').target?.headers['x-a'], 'b=c');
});

test('certificates are read from their files', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-otlp-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, 'pem');
  const { target, problems } = read({ EXPORTER_OTLP_ENDPOINT: 'https://c', EXPORTER_OTLP_CERTIFICATE: ca });
  assert.deepEqual([target?.tls.ca?.toString(), problems], ['pem', []]);
});

test('batches have the limits of the settings, and are no larger than what may wait', () => {
  const problems: string[] = [];
  assert.deepEqual(readBatchLimits(configOf({ OTEL_BSP_MAX_QUEUE_SIZE: '100' }), 'BSP', problems), {
    delayMs: 5_000,
    timeoutMs: 30_000,
    maxQueued: 100,
    maxBatch: 100,
  });
  assert.deepEqual(problems, []);
  const wrong = {
    OTEL_BLRP_SCHEDULE_DELAY: '-1',
    OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '1e9',
    OTEL_BLRP_MAX_QUEUE_SIZE: '0',
  };
  assert.deepEqual(readBatchLimits(configOf(wrong), 'BLRP', problems).maxBatch, 512);
  assert.deepEqual(problems, [
    'OTEL_BLRP_MAX_QUEUE_SIZE is not a whole number from 1 to 1000000. It is 2048.',
    'OTEL_BLRP_SCHEDULE_DELAY is not a whole number of milliseconds, 0 to 2147483647. It is 1000.',
    'OTEL_BLRP_MAX_EXPORT_BATCH_SIZE is not a whole number from 1 to 1000000. It is 512.',
  ]);
});

test('a delay may be 0, and a timeout of 0 is no limit, as OpenTelemetry defines both', () => {
  const problems: string[] = [];
  const none = 2_147_483_647;
  const zero = configOf({
    OTEL_BSP_SCHEDULE_DELAY: '0',
    OTEL_BSP_EXPORT_TIMEOUT: '0',
    OTEL_METRIC_EXPORT_INTERVAL: '0',
    OTEL_METRIC_EXPORT_TIMEOUT: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c',
    OTEL_EXPORTER_OTLP_TIMEOUT: '0',
  });
  const { delayMs, timeoutMs } = readBatchLimits(zero, 'BSP', problems);
  assert.deepEqual([delayMs, timeoutMs], [0, none]);
  const metrics = readMetricSchedule(zero, problems);
  assert.deepEqual([metrics.intervalMs, metrics.timeoutMs], [100, none]);
  assert.equal(readTarget(zero, 'traces').target?.timeoutMs, none);
  const empty = configOf({ OTEL_BSP_SCHEDULE_DELAY: ' ', OTEL_METRIC_EXPORT_INTERVAL: ' ' });
  assert.equal(readBatchLimits(empty, 'BSP', problems).delayMs, 5_000);
  assert.equal(readMetricSchedule(empty, problems).intervalMs, 60_000);
  assert.deepEqual(problems, []);
});

test('a resource says who the program is; what the environment says wins', () => {
  const problems: string[] = [];
  const program = { name: 'cart-service', instance: 'c-1', version: '1.2.3' };
  const resource = resourceOf(
    configOf({
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.name=x,team=a%2Cb,nonsense',
      OTEL_SERVICE_NAME: 'carts',
    }),
    program,
    problems,
  );
  assert.equal(resource['service.name'], 'carts');
  assert.equal(resource['service.instance.id'], 'c-1');
  assert.equal(resource['service.version'], '1.2.3');
  assert.equal(resource['deployment.environment.name'], 'test');
  assert.equal(resource['team'], 'a,b');
  assert.match(problems[0] ?? '', /OTEL_RESOURCE_ATTRIBUTES .*\(entry 4\)/);
});
