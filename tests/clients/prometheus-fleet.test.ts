// A real Prometheus with the configuration of deploy/prometheus, and a fleet under traffic: every expression of the rules and the
// dashboards has to find something.
import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPostgres, findRedis, startPostgres, startRedis } from '@flotilla/conformance/databases';
import { eventually } from '../e2e/support/eventually.ts';
import { type Fleet, startFleet } from '../e2e/support/fleet.ts';
import { missing, programFor, run, temporaryFolder } from '../engine/programs.ts';
import { steadyTraffic } from './fleet-traffic.ts';
import { type PrometheusQueries, queriesTo, serveConfig } from './prometheus-server.ts';
import { sent } from './send.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const rules = join(deploy, 'prometheus/flotilla.rules.yml');

test('promtool accepts configuration and rules, and the tests of the rules pass', async (t) => {
  const promtool = programFor(t, 'promtool');
  if (promtool === undefined) return;
  const folder = join(deploy, 'prometheus');
  for (const args of [
    ['check', 'config', 'prometheus.yml'],
    ['check', 'rules', '--lint-fatal', 'flotilla.rules.yml'],
    ['test', 'rules', 'flotilla.rules.test.yml'],
  ]) {
    const { status, stdout, stderr } = await run(promtool, args, { cwd: folder });
    assert.equal(status, 0, `${args.join(' ')}: ${stdout}${stderr}`);
  }
});

test('a Prometheus that scrapes a fleet has data for every rule and every panel', async (t) => {
  const prometheus = programFor(t, 'prometheus');
  const [redis, postgres] = [findRedis(), await findPostgres()];
  if (prometheus === undefined) return;
  if (redis.kind === 'missing') return missing(t, redis.reason, 'redis-server');
  if (postgres.kind === 'missing') return missing(t, postgres.reason, 'postgres');
  await using cache = await startRedis({ path: redis.path });
  await using database = await startPostgres(postgres.path);
  const users = await database.createDatabase('users');
  await using receiver = await takeEverything();
  await using fleet = await startFleet({
    args: ['--scale', 'order-service=2'],
    env: {
      REDIS_URL: cache.url,
      USER_SERVICE__DATABASE_URL: users,
      ORDER_SERVICE__USER_SERVICE_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    },
  });
  const folder = temporaryFolder(t);
  copyFileSync(rules, join(folder, 'flotilla.rules.yml'));
  const config = readFileSync(join(deploy, 'prometheus/prometheus.yml'), 'utf8')
    .replaceAll('127.0.0.1:8500', new URL(fleet.url('service-registry')).host)
    .replaceAll(': 15s', ': 1s');
  writeFileSync(join(folder, 'prometheus.yml'), config);
  await using server = await serveConfig(prometheus, folder, ['--enable-feature=exemplar-storage']);
  const queries = queriesTo(server.url);
  await registerWithCheck(fleet);
  await eventually('all programs are scraped', async () => (await queries.count('up == 1')) === 5);
  await using _traffic = steadyTraffic(fleet);

  await t.test('each rule is evaluated, and what is recorded has values', async () => {
    const recorded = [...readFileSync(rules, 'utf8').matchAll(/- record: (\S+)/g)].map(([, name = '']) => name);
    assert.ok(recorded.length > 5);
    for (const name of recorded) await queries.finds(name);
    const wrong = (await queries.rules()).filter(({ health }) => health !== 'ok');
    assert.deepEqual(wrong, []);
  });

  await t.test('buckets lead to traces, of a service and of all workers of the gateway', async () => {
    for (const job of ['user-service', 'gateway']) {
      const bucket = `http_server_request_duration_seconds_bucket{job="${job}"}`;
      await eventually(`${job} has exemplars`, async () => (await queries.exemplars(bucket)).length > 0);
      for (const id of await queries.exemplars(bucket)) assert.match(id, /^[0-9a-f]{32}$/);
    }
    const page = await (await fetch(`${server.url}/metrics`)).text();
    assert.match(page, /^prometheus_tsdb_exemplar_out_of_order_exemplars_total 0$/m);
  });

  for (const file of readdirSync(join(deploy, 'grafana')))
    await t.test(`each panel of ${file} shows something`, async () => {
      const expressions = expressionsOf(readFileSync(join(deploy, 'grafana', file), 'utf8'));
      assert.ok(expressions.length > 10);
      const empty = await emptyOnes(queries, expressions);
      assert.deepEqual(empty, []);
    });
});

/** A receiver of OTLP: programs only trace if there is one. */
async function takeEverything(): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((request, response) => request.resume().on('end', () => response.end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Registers an instance that the registry has to check; Prometheus finds nobody there. */
async function registerWithCheck(fleet: Fleet): Promise<void> {
  const checks = [{ type: 'http', url: `${fleet.url('user-service')}/health`, interval_ms: 1_000 }];
  const registration = { name: 'checked', id: 'checked-1', address: '127.0.0.1', port: 1, checks };
  await sent('POST', `${fleet.url('service-registry')}/register`, registration);
}

/** The expressions that found nothing, after enough time for all to find something. */
async function emptyOnes(queries: PrometheusQueries, expressions: readonly string[]): Promise<readonly string[]> {
  let empty = expressions;
  const rounds = 60;
  for (let round = 0; round < rounds && empty.length > 0; round += 1) {
    if (round > 0) await sleep(500);
    const still: string[] = [];
    for (const expression of empty) if ((await queries.count(expression)) === 0) still.push(expression);
    empty = still;
  }
  return empty;
}

/** The queries of a dashboard's panels and of its choices, with values for Grafana's variables. */
function expressionsOf(json: string): readonly string[] {
  // Generated by this repository.
  const { panels, templating } = JSON.parse(json) as {
    panels: { targets?: { expr: string }[] }[];
    templating: { list: { query: string | { query: string } }[] };
  };
  const choices = templating.list.flatMap(({ query }) => {
    const [, metric = '', label = ''] =
      /^label_values\((.+), (\w+)\)$/.exec(typeof query === 'string' ? '' : query.query) ?? [];
    return metric === '' ? [] : [`count by (${label}) (${metric})`];
  });
  return [...choices, ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))].map((expr) =>
    expr
      .replaceAll('$__rate_interval', '10s')
      .replaceAll('$__range', '1m')
      .replaceAll(/=~"\$\w+"/g, '=~".*"'),
  );
}
