import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceNameSchema } from '@flotilla/contracts';
import { checkFleet, type OwnPrograms } from './check-fleet.ts';
import type { Fleet, Program } from './fleet.ts';

const everything: OwnPrograms = { find: (name) => `/installed/${name}/main.ts`, exists: () => true };
const nothing: OwnPrograms = { find: () => undefined, exists: () => false };
const run = 'services/a/main.ts';

function good(config: object, own: OwnPrograms = everything): Fleet {
  const checked = checkFleet(config, '/project/flotilla.config.ts', own);
  assert.ok(checked.ok, checked.ok ? '' : checked.problems.join('\n'));
  return checked.fleet;
}

function problems(config: unknown, own: OwnPrograms = everything): string {
  const checked = checkFleet(config, '/project/flotilla.config.ts', own);
  return checked.ok ? '' : checked.problems.join('\n');
}

/** One program of a fleet with nothing else. */
function program(options: object): Program {
  const [only] = good({ registry: false, gateway: false, dashboard: false, programs: { a: options } }).programs;
  return only ?? assert.fail();
}

function problemOf(options: object): string {
  return problems({ programs: { a: options } });
}

test('by default the registry and the dashboard run, the gateway runs if there are routes, and paths are relative to the project', () => {
  const fleet = good({ programs: { a: { run } } });
  assert.deepEqual(
    fleet.programs.map(({ name, defaultPort, folder }) => [name, defaultPort, folder]),
    [
      ['gateway', 8080, '/project'],
      ['service-registry', 8500, '/project'],
      ['a', 'free', '/project'],
      ['dashboard', 8090, '/project'],
    ],
  );
  assert.deepEqual(fleet.programs[0]?.env, { GATEWAY_CONFIG: '/project/gateway.config.ts' });
  assert.deepEqual(fleet.programs[2]?.launch, { kind: 'node', file: '/project/services/a/main.ts', args: [] });
  const noRoutes: OwnPrograms = { ...everything, exists: () => false };
  assert.deepEqual(
    good({ programs: {} }, noRoutes).programs.map(({ name }) => name),
    ['service-registry', 'dashboard'],
  );
  assert.deepEqual(good({ registry: false, gateway: false, dashboard: false, programs: {} }).programs, []);
});

test('a command and a Node program have different defaults', () => {
  const command = program({ command: ['python3', 'stock.py'], port: 8004, folder: 'services/stock' });
  assert.deepEqual(command.launch, { kind: 'command', command: 'python3', args: ['stock.py'] });
  assert.deepEqual(
    [command.folder, command.registers, command.stopLimitMs, command.hasDatabase],
    ['/project/services/stock', 'supervisor', 10_000, false],
  );
  const worker = program({ command: ['work'] });
  assert.deepEqual([worker.registers, worker.defaultPort], ['nobody', undefined]);
  assert.deepEqual([program({ run }).registers, program({ run }).stopLimitMs], ['itself', undefined]);
  assert.equal(program({ command: ['work'], port: 0 }).defaultPort, 'free');
});

test('the short and the long form of an option mean the same', () => {
  const health = { path: '/h', intervalMs: 5_000, timeoutMs: 1_000, failures: 2 };
  assert.deepEqual(program({ run, health: '/h' }).health, health);
  assert.deepEqual(program({ run, health: { path: '/h', failures: 5 } }).health, { ...health, failures: 5 });
  assert.deepEqual(program({ run, restart: 'never' }).restart, { when: 'never', most: Number.POSITIVE_INFINITY });
  assert.deepEqual(program({ run, restart: { most: 3 } }).restart, { when: 'always', most: 3 });
});

test('all mistakes are reported at once, each with its place and what to do', () => {
  const told = problems({
    gatway: {},
    registry: { port: '8500' },
    programs: { a: { run, prot: 1, restart: 'allways' }, 'b-c': { command: 'python3 x.py' }, d: { after: ['b'] } },
  });
  for (const expected of [
    /^gatway: unknown option "gatway"\. Did you mean "gateway"\?$/m,
    /^registry\.port: expected a whole number from 0 to 65535, got '8500'\.$/m,
    /^programs\.a\.prot: .*Did you mean "port"\?$/m,
    /^programs\.a\.restart: expected one of 'always', .*Did you mean 'always'\?$/m,
    /^programs\['b-c'\]\.command: expected a list of strings/m,
    /^programs\.d\.run: set what to run/m,
    /^programs\.d\.after: unknown program "b"/m,
  ])
    assert.match(told, expected);
});

test('a value that is not a fleet is reported as such', () => {
  for (const [value, expected] of [
    [3, /^fleet: expected an object, got 3/],
    [null, /got null/],
    [[], /got an empty list/],
    [Promise.resolve({}), /a promise; write "await" before it/],
    [
      {},
      /^programs: expected an object of programs by name, but it is missing\. If there are none, write programs: \{\}/,
    ],
    [{ programs: [] }, /^programs: .*got an empty list/],
    [{ programs: { a: () => undefined } }, /^programs\.a: expected an object, got a function/],
  ] as const)
    assert.match(problems(value), expected);
});

test('a mistake that looks right is reported with the correct form', () => {
  assert.match(
    problemOf({ run: 'node src/main.ts' }),
    /a command, not a file\. Write command: \['node', 'src\/main\.ts'\]/,
  );
  assert.match(problemOf({ run, command: ['x'] }), /set "run" or "command", not both/);
  assert.match(problemOf({ command: [] }), /it is empty/);
  assert.match(problemOf({ command: ['x'], health: '/h' }), /a health check needs a port/);
  assert.match(problemOf({ command: ['x'], registers: 'supervisor' }), /the registry needs a port/);
  assert.match(problemOf({ run, env: { PORT: '1' } }), /env\.PORT: use the option "port" instead/);
  assert.match(problemOf({ run, env: { N: 1 } }), /env\.N: expected a string \(write numbers as '8080'\), got 1/);
  assert.match(problemOf({ run, env: { N: 'a\0b' } }), /a string with a zero byte/);
  assert.match(
    problemOf({ run, health: { pth: '/x' } }),
    /health\.pth: .*Did you mean "path"[^]*health\.path: set the path/,
  );
  assert.match(problemOf({ run, ports: { grpc: 1 } }), /ports\.grpc: expected the name of a variable/);
  assert.match(problemOf({ run, examples: ['users'] }), /"users" is not a path/);
});

test('waiting for an unknown program, for itself or in a circle is reported', () => {
  const after = (...names: string[]): object => ({ run, after: names });
  assert.match(problems({ programs: { a: after('a') } }), /"a" cannot wait for itself/);
  assert.match(
    problems({ programs: { a: after('b'), b: after('c'), c: after('a') } }),
    /a waits for b waits for c waits for a, so none/,
  );
  assert.equal(problems({ programs: { a: after('b', 'service-registry'), b: after('c'), c: after() } }), '');
});

test('a name must be valid for the registry and unique', () => {
  for (const name of ['a', 'A.b_c-1', 'x'.repeat(63), 'x'.repeat(64), '-a', 'a b', 'ä', '', 'a/b', '1a', '__proto__']) {
    const told = problems({ programs: Object.fromEntries([[name, { run }]]) });
    assert.equal(told === '', serviceNameSchema.safeParse(name).success, name);
  }
  assert.match(problems({ programs: { 'My Service!': { run } } }), /For example "My-Service"/);
  const taken = problems({ programs: { gateway: { run } } });
  assert.match(taken, /this name is taken.*option "gateway"/);
  assert.doesNotMatch(taken, /same variables/, 'once is enough');
  assert.match(
    problems({ programs: { 'a-b': { run }, a_b: { run } } }),
    /"a-b" and "a_b" would use the same variables \(A_B__/,
  );
});

test('the dashboard is left out if it is not installed, and refused only if it is asked for', () => {
  assert.deepEqual(good({ registry: false, gateway: false, programs: {} }, nothing).programs, []);
  assert.match(problems({ dashboard: {}, programs: {} }, nothing), /^dashboard: the package .* is not installed\./m);
  assert.match(problems({ dashboard: { prot: 1 }, programs: {} }), /^dashboard\.prot: .*Did you mean "port"\?$/m);
  const own = { programs: { dashboard: { run } } };
  assert.match(problems(own), /^programs\.dashboard: this name is taken\. Rename it, .*dashboard: false\.$/m);
  assert.equal(problems({ ...own, dashboard: false }), '');
});

test('a missing package or routes file is reported with what to do', () => {
  assert.match(
    problems({ programs: {} }, nothing),
    /^registry: the package .* is not installed\. Install it .*registry: false/,
  );
  assert.match(
    problems({ gateway: {}, programs: {} }, nothing),
    /^gateway\.routes: cannot find the file \/project\/gateway/m,
  );
});
