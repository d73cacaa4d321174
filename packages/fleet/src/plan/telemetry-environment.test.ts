import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetOf } from '@flotilla/conformance';
import { finishEnvironments } from './finish-environments.ts';
import { type PlanInput, planFleet } from './plan-fleet.ts';

const { programs } = fleetOf({
  dashboard: {},
  programs: { 'user-service': { run: 'a.ts', port: 8001 }, stock: { command: ['python3', 'stock.py'], port: 8004 } },
});

/** The environments of the processes by name. */
function environments(change: Partial<PlanInput> = {}): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const input = {
    programs,
    only: programs,
    scale: new Map(),
    freePorts: false,
    dataFolder: '/data',
    env: {},
    files: new Map(),
  };
  const { specs, problems } = planFleet({ ...input, ...change });
  assert.deepEqual(problems, []);
  const placed = specs.map((spec) => ({
    ...spec,
    port: spec.port === 'free' ? 20_000 : spec.port,
    further: spec.further.map((each) => ({ ...each, port: each.port === 'free' ? 21_000 : each.port })),
  }));
  return Object.fromEntries(finishEnvironments(placed, '/shop').map((spec) => [spec.name, spec.env]));
}

test('every program but the dashboard sends it what it does, and programs of others learn their names', () => {
  const env = environments();
  for (const name of ['gateway', 'service-registry', 'user-service', 'stock'])
    assert.equal(env[name]?.['OTEL_EXPORTER_OTLP_ENDPOINT'], 'http://127.0.0.1:8090', name);
  assert.equal(env['dashboard']?.['OTEL_EXPORTER_OTLP_ENDPOINT'], undefined);
  assert.equal(env['user-service']?.['OTEL_SERVICE_NAME'], undefined);
  assert.equal(env['stock']?.['OTEL_SERVICE_NAME'], 'stock');
  assert.equal(env['stock']?.['OTEL_RESOURCE_ATTRIBUTES'], 'service.instance.id=stock');
});

test('whoever sends telemetry elsewhere goes on with that, and without a dashboard nobody sends any', () => {
  const elsewhere = environments({ env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://jaeger:4318/v1/traces' } });
  assert.equal(elsewhere['user-service']?.['OTEL_EXPORTER_OTLP_ENDPOINT'], undefined);
  assert.equal(elsewhere['user-service']?.['OTEL_BSP_SCHEDULE_DELAY'], undefined);
  const own = environments({
    env: { STOCK__OTEL_EXPORTER_OTLP_ENDPOINT: 'http://tempo:4318', OTEL_BSP_SCHEDULE_DELAY: '9' },
  });
  assert.equal(own['stock']?.['OTEL_EXPORTER_OTLP_ENDPOINT'], 'http://tempo:4318');
  assert.equal(own['gateway']?.['OTEL_EXPORTER_OTLP_ENDPOINT'], 'http://127.0.0.1:8090');
  assert.equal(own['gateway']?.['OTEL_BSP_SCHEDULE_DELAY'], '9');
  const none = environments({ only: programs.filter(({ role }) => role !== 'dashboard') });
  assert.equal(none['gateway']?.['OTEL_EXPORTER_OTLP_ENDPOINT'], undefined);
});

test('the dashboard is told where the fleet is, and its data is beside that of the others', () => {
  const { dashboard } = environments({ env: { GATEWAY__SERVER_PORT: '9080', GATEWAY__ADMIN_PORT: '9100' } });
  assert.equal(dashboard?.['FLEET_FOLDER'], '/shop');
  assert.equal(dashboard['GATEWAY_URL'], 'http://127.0.0.1:9080');
  assert.equal(dashboard['GATEWAY_ADMIN_URL'], 'http://127.0.0.1:9100');
  assert.equal(dashboard['REGISTRY_URL'], 'http://127.0.0.1:8500');
  assert.equal(dashboard['DATABASE_URL'], 'sqlite:/data/dashboard.db');
});

test('what is set for all programs does not open the dashboard to others, nor count as set for two', () => {
  const { dashboard } = environments({ env: { SERVER_HOST: '0.0.0.0', SERVICE_REGISTRY__SERVER_HOST: '192.0.2.7' } });
  assert.equal(dashboard?.['SERVER_HOST'], undefined);
  const only = programs.filter(({ name }) => name === 'user-service' || name === 'dashboard');
  const one = environments({ only, env: { SERVER_PORT: '9001', DATABASE_URL: 'sqlite:mine.db' } });
  assert.equal(one['user-service']?.['SERVER_PORT'], '9001');
  assert.equal(one['dashboard']?.['SERVER_PORT'], '8090');
  assert.equal(one['dashboard']['DATABASE_URL'], 'sqlite:/data/dashboard.db');
  assert.equal(dashboard?.['OTLP_GRPC_PORT'], undefined);
  assert.equal(environments({ freePorts: true })['dashboard']?.['OTLP_GRPC_PORT'], '0');
  const open = environments({ env: { DASHBOARD__SERVER_HOST: '0.0.0.0' } });
  assert.equal(open['dashboard']?.['DASHBOARD__SERVER_HOST'], '0.0.0.0');
});
