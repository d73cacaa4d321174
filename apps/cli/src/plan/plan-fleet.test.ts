import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finishEnvironments, type PlanInput, type ProcessSpec, planFleet } from './plan-fleet.ts';
import { programs } from './programs.ts';

function plan(change: Partial<PlanInput>): readonly ProcessSpec[] {
  const result = planFleet({ ...nothing, ...change });
  return result.ok ? result.specs : assert.fail(result.problems.join('\n'));
}

function problems(change: Partial<PlanInput>): string {
  const result = planFleet({ ...nothing, ...change });
  return result.ok ? assert.fail('planned') : result.problems.join('\n');
}

const nothing: PlanInput = { only: programs, scale: new Map(), freePorts: false, dataFolder: undefined, env: {} };
const userService = programs.filter((program) => program.name === 'user-service');

test('every program has its usual port, and extra instances take free ones', () => {
  const ports = plan({ scale: new Map([['order-service', 3]]) }).map((spec) => [spec.name, spec.port]);
  assert.deepEqual(ports, [
    ['gateway', 8080],
    ['service-registry', 8500],
    ['user-service', 8001],
    ['order-service', 8002],
    ['order-service-2', 'free'],
    ['order-service-3', 'free'],
  ]);
});

test('a setting with a program before its name reaches that program alone, without the name', () => {
  const specs = plan({ env: { LOG_LEVEL: 'warn', USER_SERVICE__LOG_LEVEL: 'debug', GATEWAY__SERVER_PORT: '9080' } });
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  assert.deepEqual(byName.get('user-service')?.env, { LOG_LEVEL: 'debug' });
  assert.deepEqual(byName.get('order-service')?.env, { LOG_LEVEL: 'warn' });
  assert.equal(byName.get('gateway')?.port, 9080);
});

test('settings that would collide are refused with the form that works', () => {
  assert.match(problems({ env: { SERVER_PORT: '9000' } }), /GATEWAY__SERVER_PORT=9000/);
  assert.match(
    problems({ env: { DATABASE_URL: 'localhost:3306' } }),
    /database of its own.*ORDER_SERVICE__DATABASE_URL=sqlite:/,
  );
  assert.match(
    problems({ env: { USER_SERVICE__INSTANCE_ID: 'one' }, scale: new Map([['user-service', 2]]) }),
    /id of its own/,
  );
  assert.match(problems({ env: { GATEWAY__SERVER_PORT: '99999' } }), /"99999", not a whole number/);
});

test('one program alone may use the common names', () => {
  const [spec] = plan({ only: userService, env: { SERVER_PORT: '9001', DATABASE_URL: 'sqlite:x.db' } });
  assert.equal(spec?.port, 9001);
  assert.equal(spec?.env['DATABASE_URL'], 'sqlite:x.db');
});

test('a data folder gives each program with a database its own file, the same for all its instances', () => {
  const specs = plan({ dataFolder: '/tmp/data', scale: new Map([['user-service', 2]]) });
  assert.deepEqual(
    specs.map((spec) => spec.env['DATABASE_URL']),
    [
      undefined,
      'sqlite:/tmp/data/service-registry.db',
      'sqlite:/tmp/data/user-service.db',
      'sqlite:/tmp/data/user-service.db',
      'sqlite:/tmp/data/order-service.db',
    ],
  );
});

test('all processes are told the port of the registry of their fleet, and get ids that survive a restart', () => {
  const placed = plan({ freePorts: true }).map((spec, index) => ({ ...spec, port: 20_000 + index }));
  for (const spec of finishEnvironments(placed)) {
    assert.equal(spec.env['REGISTRY_URL'], 'http://127.0.0.1:20001');
    assert.equal(spec.env['SERVER_PORT'], String(spec.port));
    assert.equal(spec.env['INSTANCE_ID'], spec.name);
  }
});

test('with a registry elsewhere, ids are left to the programs: there they must be unique over machines', () => {
  const placed = plan({ env: { REGISTRY_URL: 'http://10.0.0.5:8500' } }).map((spec) => ({ ...spec, port: 1 }));
  const alone = plan({ only: userService }).map((spec) => ({ ...spec, port: 1 }));
  for (const spec of [...finishEnvironments(placed), ...finishEnvironments(alone)]) {
    assert.equal(spec.env['INSTANCE_ID'], undefined);
  }
  assert.equal(finishEnvironments(placed)[0]?.env['REGISTRY_URL'], 'http://10.0.0.5:8500');
});
