// A fleet with its dashboard, as "flotilla up" starts it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Overview, ProgramView, RequestPage, Trace } from '@flotilla/dashboard/wire';
import { ask, send } from './support/ask.ts';
import { eventually } from './support/eventually.ts';
import { temporaryFolder } from './support/fleet.ts';
import { descendantsOf, stillRunning } from './support/processes.ts';
import { type Spawned, spawnCommand } from './support/spawned.ts';

const project = temporaryFolder();
const config = path.join(project.folder, 'flotilla.config.mjs');
const root = process.cwd();
writeFileSync(
  config,
  `export const fleet = {
  gateway: { routes: ${JSON.stringify(path.join(root, 'gateway.config.ts'))} },
  programs: {
    'user-service': { run: ${JSON.stringify(path.join(root, 'apps/user-service/src/main.ts'))} },
    'order-service': { run: ${JSON.stringify(path.join(root, 'apps/order-service/src/main.ts'))} },
  },
};`,
);
after(() => project.remove());

describe('a fleet with its dashboard', () => {
  let fleet: Spawned;
  let dashboard = '';
  let gateway = '';
  before(async () => {
    fleet = spawnCommand(process.execPath, ['apps/cli/src/main.ts', 'up', '--config', config, '--free-ports']);
    await fleet.says(/Ctrl-C stops everything/);
    dashboard = /^Dashboard: (\S+)$/m.exec(fleet.stdout())?.[1] ?? assert.fail(fleet.stdout());
    gateway = /^ {2}gateway +(\S+)$/m.exec(fleet.stdout())?.[1] ?? assert.fail(fleet.stdout());
    await eventually(
      'the dashboard serves',
      async () => (await ask(`${dashboard}/health`).catch(() => undefined))?.status === 200,
    );
  });
  after(async () => {
    fleet.child.kill('SIGTERM');
    await fleet.ended;
  });

  const overview = async (): Promise<Overview> => (await ask(`${dashboard}/api/overview`)).json as Overview;
  const program = async (name: string): Promise<ProgramView | undefined> =>
    (await overview()).programs.find((each) => each.name === name);

  test('its overview shows every program, how it is and what it uses', async () => {
    await eventually('all five are healthy and have told their version', async () => {
      const { programs } = await overview();
      // `every` is true of no programs, too.
      return (
        programs.length === 5 &&
        programs.every(({ state, instances: [first] }) => state === 'healthy' && (first?.version ?? '') !== '')
      );
    });
    const { programs, fleet: shown, troubles } = await overview();
    assert.deepEqual(
      programs.map(({ name, role, canControl }) => [name, role, canControl]),
      [
        ['gateway', 'gateway', true],
        ['service-registry', 'registry', true],
        ['user-service', 'service', true],
        ['order-service', 'service', true],
        ['dashboard', 'dashboard', false],
      ],
    );
    assert.equal(shown?.folder, project.folder);
    assert.deepEqual(troubles, []);
    const [instance] = programs[2]?.instances ?? [];
    assert.ok((instance?.memoryBytes ?? 0) > 10_000_000);
    assert.equal(instance?.instanceId, 'user-service');
    for (const { name, instances } of programs)
      assert.match(instances[0]?.version ?? '', /^\d+\.\d+\.\d+/, `${name} says its version`);
  });

  test('a request through the gateway is there with the spans of all programs that it passed', async () => {
    assert.equal((await ask(`${gateway}/users/1/overview`)).status, 200);
    const requests = async (): Promise<RequestPage> =>
      (await ask(`${dashboard}/api/requests?service=gateway&text=/users/1/overview`)).json as RequestPage;
    await eventually('the request is there', async () => (await requests()).requests.length === 1);
    const { traceId, route } = (await requests()).requests[0] ?? assert.fail();
    assert.equal(route, '/users/{id}/overview');
    const services = async (): Promise<string> => {
      const { spans } = (await ask(`${dashboard}/api/traces/${traceId}`)).json as Trace;
      return [...new Set(spans.map(({ service }) => service))].toSorted().join();
    };
    await eventually('all spans are there', async () => (await services()) === 'gateway,order-service,user-service');
  });

  test('programs are scaled, stopped and started from it', async () => {
    assert.equal((await send('POST', `${dashboard}/api/programs/user-service/scale`, { instances: 2 })).status, 202);
    await eventually('two are healthy', async () => {
      const instances = (await program('user-service'))?.instances ?? [];
      return instances.length === 2 && instances.every(({ state }) => state === 'healthy');
    });
    assert.equal((await send('POST', `${dashboard}/api/programs/user-service-2/stop`, undefined)).status, 202);
    await eventually('one is stopped', async () =>
      ((await program('user-service'))?.instances ?? []).some(({ state }) => state === 'stopped'),
    );
    assert.equal((await send('POST', `${dashboard}/api/programs/nobody/stop`, undefined)).status, 404);
    for (const own of ['dashboard', 'dashboard-1']) {
      const { status, json } = await send('POST', `${dashboard}/api/programs/${own}/stop`, undefined);
      assert.equal(status, 409);
      assert.match((json as { detail: string }).detail, /flotilla stop dashboard/);
    }
    assert.equal(
      (await send('POST', `${dashboard}/api/programs/service-registry/scale`, { instances: 2 })).status,
      409,
    );
    assert.equal((await send('POST', `${dashboard}/api/programs/user-service/scale`, { instances: 0 })).status, 400);
  });
});

test('a dashboard that others could reach does not start without a token', async () => {
  const env = { SERVER_HOST: '0.0.0.0', SERVER_PORT: '0', DATABASE_URL: 'sqlite::memory:' };
  const { ended, stderr } = spawnCommand(process.execPath, ['apps/dashboard/src/main.ts'], env);
  assert.equal((await ended).code, 78);
  assert.match(
    stderr(),
    /dashboard cannot start: SERVER_HOST 0\.0\.0\.0 lets other machines reach .* Set DASHBOARD_TOKEN/,
  );
});

test('a fleet ends together with its dashboard, also if its programs have all ended by themselves', async () => {
  const own = path.join(project.folder, 'short.config.mjs');
  writeFileSync(
    own,
    `const command = ['sh', '-c', 'while ! test -e done; do sleep 0.1; done'];
export const fleet = { registry: false, programs: { once: { command, restart: 'never' } } };`,
  );
  const short = spawnCommand(process.execPath, ['apps/cli/src/main.ts', 'up', '--config', own, '--free-ports']);
  await short.says(/look at the fleet at http:/);
  const pids = descendantsOf(short.pid).map(({ pid }) => pid);
  writeFileSync(path.join(project.folder, 'done'), '');
  assert.equal((await short.ended).code, 0);
  assert.match(short.stdout(), /all programs have ended/);
  assert.deepEqual(stillRunning(pids), []);
});
