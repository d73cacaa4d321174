import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fourPrograms as programs } from '@flotilla/conformance';
import { finishEnvironments } from './finish-environments.ts';
import type { PlacedSpec } from './placed-spec.ts';
import { type PlanInput, type ProcessSpec, planFleet } from './plan-fleet.ts';

function plan(change: Partial<PlanInput>): readonly ProcessSpec[] {
  const { specs, problems: found } = planFleet({ ...nothing, ...change });
  assert.deepEqual(found, []);
  return specs;
}

function problems(change: Partial<PlanInput>): string {
  return planFleet({ ...nothing, ...change }).problems.join('\n');
}

/** The environments of the processes by name, with ports from 20000 on where they are free. */
function environments(change: Partial<PlanInput>): Readonly<Record<string, PlacedSpec['env']>> {
  const placed = plan(change).map((spec, index) => ({
    ...spec,
    port: spec.port === 'free' ? 20_000 + index : spec.port,
    further: spec.further.map((each) => ({ ...each, port: each.port === 'free' ? 21_000 + index : each.port })),
  }));
  return Object.fromEntries(finishEnvironments(placed).map((spec) => [spec.name, spec.env]));
}

function file(program: string, values: Readonly<Record<string, string>>): PlanInput['files'] {
  return new Map([[program, new Map(Object.entries(values))]]);
}

const nothing: PlanInput = {
  programs,
  only: programs,
  scale: new Map(),
  freePorts: false,
  dataFolder: undefined,
  env: {},
  files: new Map(),
};
const userService = programs.filter((program) => program.name === 'user-service');

test('every program has its usual port, and further instances get free ones', () => {
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

test('a setting with the prefix of a program reaches only that program', () => {
  const specs = plan({ env: { LOG_LEVEL: 'warn', USER_SERVICE__LOG_LEVEL: 'debug', GATEWAY__SERVER_PORT: '9080' } });
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  assert.deepEqual(byName.get('user-service')?.env, { LOG_LEVEL: 'warn', USER_SERVICE__LOG_LEVEL: 'debug' });
  assert.deepEqual(byName.get('order-service')?.env, { LOG_LEVEL: 'warn' });
  assert.equal(byName.get('gateway')?.port, 9080);
});

test('settings that would collide are refused with the correct form', () => {
  assert.match(problems({ env: { SERVER_PORT: '9000' } }), /GATEWAY__SERVER_PORT=9000/);
  assert.match(
    problems({ env: { DATABASE_URL: 'localhost:3306' } }),
    /its own database.*ORDER_SERVICE__DATABASE_URL=sqlite:/,
  );
  assert.match(
    problems({ env: { USER_SERVICE__INSTANCE_ID: 'one' }, scale: new Map([['user-service', 2]]) }),
    /its own id/,
  );
});

test('a fleet with a list as REGISTRY_URL is told to start without the registry', () => {
  const only = programs.filter(({ name }) => name !== 'service-registry');
  for (const url of ['static:user-service=10.0.0.5:8001', ' FILE:fleet.json', 'consul://10.0.0.5']) {
    const told = problems({ env: { REGISTRY_URL: url } });
    assert.match(told, /nothing would use.*flotilla up --only gateway,user-service,order-service$/, url);
    plan({ only, env: { REGISTRY_URL: url } });
    plan({ env: { USER_SERVICE__REGISTRY_URL: url } });
  }
  // What is no URL of any kind is for the programs to refuse.
  for (const url of ['http://10.0.0.5:8500', 'HTTPS://a', 'flotilla+http://10.0.0.5', 'localhost:8500', '10.0.0.5'])
    plan({ env: { REGISTRY_URL: url } });
});

test('a single program may use the unprefixed names', () => {
  const [spec] = plan({ only: userService, env: { SERVER_PORT: '9001', DATABASE_URL: 'sqlite:x.db' } });
  assert.equal(spec?.port, 9001);
  assert.equal(spec?.env['DATABASE_URL'], 'sqlite:x.db');
});

test('an invalid port is left for the program to refuse', () => {
  for (const port of ['99999', 'x', '-1', '1.5'])
    assert.equal(environments({ env: { GATEWAY__SERVER_PORT: port } })['gateway']?.['GATEWAY__SERVER_PORT'], port);
});

test('each program with a database gets its own file in the data folder, shared by its instances', () => {
  const env = environments({ dataFolder: '/tmp/data', scale: new Map([['user-service', 2]]) });
  assert.equal(env['gateway']?.['DATABASE_URL'], undefined);
  assert.equal(env['service-registry']?.['DATABASE_URL'], 'sqlite:/tmp/data/service-registry.db');
  for (const name of ['user-service', 'user-service-2'])
    assert.equal(env[name]?.['DATABASE_URL'], 'sqlite:/tmp/data/user-service.db');
});

test("all processes get the URL of the fleet's registry, and ids that survive a restart", () => {
  const env = environments({ freePorts: true });
  assert.equal(env['gateway']?.['REGISTRY_URL'], 'http://127.0.0.1:20001');
  assert.equal(env['user-service']?.['REGISTRY_URL'], 'http://127.0.0.1:20001');
  assert.equal(env['user-service']?.['SERVER_PORT'], '20002');
  assert.equal(env['user-service']?.['INSTANCE_ID'], 'user-service');
});

test('with an external registry programs choose their ids, which must be unique across machines', () => {
  const env = environments({ env: { REGISTRY_URL: 'http://10.0.0.5:8500' } });
  assert.equal(env['gateway']?.['REGISTRY_URL'], 'http://10.0.0.5:8500');
  for (const each of [env['gateway'], environments({ only: userService })['user-service']])
    assert.doesNotMatch(Object.keys(each ?? {}).join(), /INSTANCE_ID/);
});

test("the fleet never overrides what a variable or a program's own file sets", () => {
  const values = {
    SERVER_PORT: '9001',
    SERVER_HOST: '127.0.0.9',
    DATABASE_URL: 'sqlite:mine.db',
    REGISTRY_URL: 'http://10.0.0.5:8500',
    INSTANCE_ID: 'mine',
    LOG_FORMAT: 'pretty',
    DRAIN_TIMEOUT_MS: '5000',
  };
  const inFile = { files: file('user-service', values), dataFolder: '/tmp/data', freePorts: true };
  assert.deepEqual(environments(inFile)['user-service'], {});
  assert.equal(plan(inFile)[2]?.port, 9001);
  const own = Object.fromEntries(Object.entries(values).map(([name, value]) => [`USER_SERVICE__${name}`, value]));
  assert.deepEqual(environments({ env: own, dataFolder: '/tmp/data', freePorts: true })['user-service'], own);
});

test("further instances get their own ports, whatever the program's file sets", () => {
  const scale = new Map([['user-service', 2]]);
  const env = environments({ scale, files: file('user-service', { SERVER_PORT: '9001' }) });
  assert.equal(env['user-service']?.['SERVER_PORT'], undefined);
  assert.equal(env['user-service-2']?.['SERVER_PORT'], '20003');
  assert.match(problems({ scale, files: file('user-service', { INSTANCE_ID: 'one' }) }), /its own id/);
});

test('a shared file cannot set what must differ for each program', () => {
  const shared = new Map(programs.map((program) => [program.name, new Map([['SERVER_PORT', '9000']])]));
  assert.match(
    problems({ env: { CONFIG_FILE: 'all.json' }, files: shared }),
    /SERVER_PORT is set for several programs by all\.json, but .*GATEWAY__CONFIG_FILE=/,
  );
});

test("the fleet uses the registry's own address, where it listens", () => {
  const registryUrl = (host: string): string | undefined =>
    environments({ env: { SERVICE_REGISTRY__SERVER_HOST: host } })['gateway']?.['REGISTRY_URL'];
  assert.equal(registryUrl('192.0.2.7'), 'http://192.0.2.7:8500');
  assert.equal(registryUrl('fd00::7'), 'http://[fd00::7]:8500');
  assert.equal(registryUrl('localhost'), 'http://localhost:8500');
  for (const host of ['0.0.0.0', '::', '0:0:0:0:0:0:0:0'])
    assert.equal(registryUrl(host), 'http://127.0.0.1:8500', host);
  const open = environments({ env: { SERVICE_REGISTRY__SERVER_HOST: '192.0.2.7', GATEWAY__SERVER_HOST: '0.0.0.0' } });
  assert.equal(open['user-service']?.['SERVER_HOST'], '192.0.2.7');
  assert.equal(open['gateway']?.['SERVER_HOST'], undefined);
  const closed = environments({ env: { SERVICE_REGISTRY__SERVER_HOST: '0.0.0.0' } });
  assert.equal(closed['user-service']?.['SERVER_HOST'], undefined);
});

test('a variable with a misspelled program name is refused', () => {
  const told = (name: string): string => problems({ env: { [name]: '1' } });
  for (const name of [
    'USER_SERVIC__LOG_LEVEL',
    'USER_SERVICES__LOG_LEVEL',
    'USER_SERVCIE__LOG_LEVEL',
    'user_servise__LOG_LEVEL',
  ])
    assert.match(told(name), /no program has this name\. Did you mean USER_SERVICE__LOG_LEVEL\?/, name);
  assert.match(told('GATWAY__SERVER_PORT'), /Did you mean GATEWAY__SERVER_PORT\?/);
  for (const name of ['BILLING_SERVICE__LOG_LEVEL', 'MY__X', '__CF_USER_TEXT_ENCODING', 'USER_SERVICE_PORT'])
    assert.equal(told(name), '', name);
});

test('an admin port is planned if it is set: as written for the first instance, a free one for the others', () => {
  const own = { GATEWAY__ADMIN_PORT: '9100', USER_SERVICE__ADMIN_PORT: '9101' };
  const input = { env: own, scale: new Map([['user-service', 2]]), freePorts: true };
  const ports = plan(input).map(({ name, further }) => [name, ...further.map(({ port }) => port)]);
  assert.deepEqual(ports, [
    ['gateway', 9100],
    ['service-registry'],
    ['user-service', 9101],
    ['user-service-2', 'free'],
    ['order-service'],
  ]);
  const env = environments(input);
  assert.equal(env['gateway']?.['GATEWAY__ADMIN_PORT'], '9100');
  assert.equal(env['user-service-2']?.['ADMIN_PORT'], '21003');
  assert.equal(env['user-service-2']?.['USER_SERVICE__ADMIN_PORT'], undefined);
  assert.equal(env['order-service']?.['ADMIN_PORT'], undefined);
});

test('a further port of a program is planned for that program: the usual one for the first instance, free ones for the others', () => {
  const grpc = { setting: 'GRPC_PORT', hostSetting: 'SERVER_HOST', host: '127.0.0.1', defaultPort: 9001 };
  const only = programs.map((each) => (each.name === 'user-service' ? { ...each, further: [grpc] } : each));
  const scale = new Map([['user-service', 2]]);
  const ports = (input: Partial<PlanInput>): unknown =>
    plan({ only, scale, ...input }).flatMap(({ name, further }) => further.map(({ port }) => [name, port]));
  const second = ['user-service-2', 'free'];
  assert.deepEqual(ports({}), [['user-service', 9001], second]);
  assert.deepEqual(ports({ freePorts: true }), [['user-service', 'free'], second]);
  assert.deepEqual(ports({ env: { GRPC_PORT: '9005' } }), [['user-service', 9005], second]);
  const env = environments({ only, scale });
  assert.deepEqual(
    Object.values(env).map((each) => each['GRPC_PORT']),
    [undefined, undefined, '9001', '21003', undefined],
  );
});

test('one admin port for all programs is refused, but 0 is not', () => {
  assert.match(problems({ env: { ADMIN_PORT: '9100' } }), /ADMIN_PORT is set for all 4.*GATEWAY__ADMIN_PORT=9100/);
  const shared = new Map(programs.map((program) => [program.name, new Map([['ADMIN_PORT', '9100']])]));
  assert.match(problems({ env: { CONFIG_FILE: 'all.json' }, files: shared }), /ADMIN_PORT is set for several programs/);
  const env = environments({ env: { ADMIN_PORT: '0' } });
  assert.deepEqual(
    Object.values(env).map((each) => each['ADMIN_PORT']),
    ['21000', '21001', '21002', '21003'],
  );
  assert.equal(environments({ env: { GATEWAY__ADMIN_PORT: 'x' } })['gateway']?.['GATEWAY__ADMIN_PORT'], 'x');
});
