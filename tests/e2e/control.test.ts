// What a person does to a running fleet from another terminal.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Fleet, startFleet, temporaryFolder } from './support/fleet.ts';
import { spawnCommand } from './support/spawned.ts';

interface Report {
  readonly fleets: readonly { readonly processes: readonly Record<string, unknown>[] }[];
}

const config = ['--config', 'tests/fixtures/fleet/flotilla.config.ts'];

async function flotilla(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const spawned = spawnCommand(process.execPath, ['apps/cli/src/main.ts', ...args]);
  const { code } = await spawned.ended;
  return { code, stdout: spawned.stdout(), stderr: spawned.stderr() };
}

/** Asks this fleet: other tests run theirs in the same project. */
const asking =
  (fleet: () => Fleet) =>
  (...args: string[]) =>
    flotilla(...args, ...config, '--fleet', String(fleet().process.pid));

describe('a running fleet', () => {
  let fleet: Fleet;
  before(async () => {
    fleet = await startFleet();
  });
  after(async () => fleet.stop());
  const ask = asking(() => fleet);
  const processes = async (): Promise<readonly Record<string, unknown>[]> => {
    const { stdout } = await ask('ps', '--json');
    return (JSON.parse(stdout) as Report).fleets[0]?.processes ?? [];
  };
  const pidOf = async (name: string): Promise<unknown> =>
    (await processes()).find((process) => process['name'] === name)?.['pid'];

  test('shows its programs and what they use', async () => {
    const { code, stdout } = await ask('ps');
    assert.equal(code, 0);
    const [head = '', ...rows] = stdout.trim().split('\n');
    assert.deepEqual(head.split(/ +/), ['PROGRAM', 'STATE', 'PORT', 'PID', 'UPTIME', 'RESTARTS', 'CPU', 'MEMORY']);
    assert.equal(rows.length, 4);
    for (const row of rows) assert.match(row, /^[a-z-]+ +ready +\d+ +\d+ +\d+ s +0 +\d+% +[1-9]\d* MB$/);
  });

  test('restarts, stops, starts and scales the named programs, and reports when it is done', async () => {
    const before = await pidOf('user-service');
    const restarted = await ask('restart', 'user-service');
    assert.match(restarted.stdout, /^user-service is ready: http/);
    assert.notEqual(await pidOf('user-service'), before);
    assert.match((await ask('stop', 'user-service')).stdout, /^user-service is stopped$/m);
    assert.equal(await pidOf('user-service'), null);
    assert.match((await ask('start', 'user-service')).stdout, /^user-service is ready/);
    const scaled = await ask('scale', 'order-service=2', '--json');
    assert.equal((JSON.parse(scaled.stdout) as { processes: unknown[] }).processes.length, 2);
    assert.match((await ask('scale', 'order-service=1')).stdout, /^order-service is ready[^\n]*\n$/);
  });

  test('does nothing of a command that has a mistake', async () => {
    const before = await processes();
    for (const words of [
      ['stop', 'user-service', 'nobody'],
      ['restart', 'user-service', 'nobody'],
      ['scale', 'user-service=2', 'nobody=2'],
      ['scale', 'user-service=2', 'order-service=0'],
      ['scale', 'user-service=2', 'order-service=33'],
    ]) {
      const { code, stdout } = await ask(...words);
      assert.deepEqual([code, stdout], [64, ''], words.join(' '));
    }
    assert.notEqual((await ask('scale', 'user-service=2', 'service-registry=2')).code, 0);
    const identity = (all: readonly Record<string, unknown>[]) => all.map(({ name, pid }) => [name, pid]);
    assert.deepEqual(identity(await processes()), identity(before));
  });

  test('shows the logs of its programs, including what the terminal leaves out', async () => {
    const { stdout } = await ask('logs', 'user-service', '--tail', '1000');
    assert.match(stdout, /^user-service +\| .*listening url=/m);
    assert.doesNotMatch(stdout, /^order-service/m);
    assert.doesNotMatch(fleet.process.stdout(), /listening/);
    const json = await ask('logs', '-n', '2', '--json');
    assert.equal(
      json.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown).length,
      2,
    );
  });

  test('shows what its registry knows, and the settings that its programs really use', async () => {
    const { stdout } = await ask('services', 'user-service');
    assert.match(
      stdout,
      /^SERVICE +INSTANCE +ADDRESS +STATUS +STATE +SEEN\nuser-service +user-service +127\.0\.0\.1:\d+ +passing +ready +\d+ s ago\n$/,
    );
    const config = await ask('config', 'user-service', '--json');
    const { running, programs } = JSON.parse(config.stdout) as {
      running: boolean;
      programs: { settings: { name: string; value: string }[] }[];
    };
    assert.equal(running, true);
    const port = programs[0]?.settings.find(({ name }) => name === 'SERVER_PORT')?.value;
    assert.equal(`http://127.0.0.1:${port}`, fleet.url('user-service'));
  });

  test('passes an examination', async () => {
    const { stdout } = await ask('doctor', '--json');
    const { findings } = JSON.parse(stdout) as { findings: { check: string; result: string; text: string }[] };
    const found = (check: string) => findings.filter((each) => each.check === check);
    for (const check of ['node', 'fleet', 'versions', 'routes', 'settings', 'running', 'registry', 'clock', 'disk']) {
      assert.ok(found(check).length > 0, check);
      if (check !== 'disk')
        assert.ok(
          found(check).every(({ result }) => result === 'ok'),
          JSON.stringify(found(check)),
        );
    }
  });

  test('answers a wrong name with the closest one', async () => {
    const { code, stdout, stderr } = await ask('restart', 'user-servise');
    assert.deepEqual([code, stdout], [64, '']);
    assert.match(stderr, /Did you mean user-service\?/);
  });
});

test('a fleet can be stopped from another terminal', async () => {
  await using fleet = await startFleet({ args: ['--only', 'service-registry'] });
  const { code, stdout } = await asking(() => fleet)('stop');
  assert.equal(code, 0);
  assert.match(stdout, /the fleet has stopped/);
  assert.equal((await fleet.process.ended).code, 0);
});

test('a killed supervisor leaves no control socket behind', async () => {
  await using fleet = await startFleet({ args: ['--only', 'service-registry'] });
  const { pid } = fleet.process;
  fleet.process.child.kill('SIGKILL');
  await fleet.process.ended;
  const gone = await flotilla('ps', ...config, '--fleet', String(pid));
  // Another test's fleet may run in the project, or none.
  assert.match(gone.stderr, /No fleet is running in .*Start it: flotilla up|no such fleet/);
  assert.notEqual(gone.code, 0);
});

describe('without a running fleet', () => {
  test('the routes are listed, and mistakes in their file are reported', async () => {
    const { stdout } = await flotilla('routes', ...config, '--service', 'user-service');
    assert.match(stdout, /^PATH +METHODS +SERVICES/);
    assert.match(stdout, /^\/users\/\{id\} +all +user-service/m);
    const spawned = spawnCommand(process.execPath, ['apps/cli/src/main.ts', 'routes', ...config], {
      GATEWAY_CONFIG: '/nowhere/gateway.config.ts',
    });
    assert.equal((await spawned.ended).code, 78);
    assert.match(spawned.stderr(), /cannot find the file \/nowhere\/gateway\.config\.ts/);
  });

  test('an unavailable registry is reported with what to do', async () => {
    const { code, stderr } = await flotilla('services', ...config, '--registry', 'http://127.0.0.1:9');
    assert.equal(code, 69);
    assert.match(stderr, /Cannot reach the registry at http:\/\/127\.0\.0\.1:9: .*flotilla up/);
  });

  test('a wrong setting is found before a start', async () => {
    const spawned = spawnCommand(process.execPath, ['apps/cli/src/main.ts', 'doctor', ...config], {
      USER_SERVICE__MAX_WORKERS: 'lots',
    });
    assert.equal((await spawned.ended).code, 1);
    assert.match(spawned.stdout(), /^WRONG +settings +user-service[^]*MAX_WORKERS/m);
  });
});

test('without a running fleet, commands say so, as JSON on request', async () => {
  const idle = temporaryFolder();
  const file = path.join(idle.folder, 'flotilla.config.ts');
  writeFileSync(file, '');
  const nothing = await flotilla('ps', '--config', file, '--json');
  const nowhere = await flotilla('ps', '--config', '/nowhere/flotilla.config.ts', '--json');
  assert.deepEqual([nothing.code, nowhere.code], [69, 78]);
  for (const { stdout, stderr } of [nothing, nowhere]) {
    assert.match(stdout, /"code": "NOT_RUNNING"/);
    assert.equal(stderr, '');
  }
  idle.remove();
});
