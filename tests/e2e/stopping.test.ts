// However the fleet ends, nothing of it is left behind.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from './support/eventually.ts';
import { type Fleet, startFleet, temporaryFolder, upArguments } from './support/fleet.ts';
import { descendantsOf, stillRunning } from './support/processes.ts';
import { spawnCommand } from './support/spawned.ts';

/** As many as there are cores, up to the default of MAX_WORKERS. */
const gatewayWorkers = Math.min(availableParallelism(), 10);

/** The processes of a whole fleet; checked, so that a test can't pass by looking at nothing. */
function fleetProcesses(fleet: Fleet): readonly number[] {
  const pids = descendantsOf(fleet.process.pid).map((each) => each.pid);
  assert.equal(pids.length, 4 + gatewayWorkers);
  return pids;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} stops everything and the exit code is 0`, async () => {
    await using fleet = await startFleet();
    const pids = fleetProcesses(fleet);
    fleet.process.child.kill(signal);
    assert.deepEqual(await fleet.process.ended, { code: 0, signal: null });
    assert.deepEqual(stillRunning(pids), []);
    assert.doesNotMatch(fleet.process.stderr(), /was ended by|crashed/, 'nothing had to be killed or restarted');
  });
}

test('a second Ctrl-C ends everything at once', async () => {
  await using fleet = await startFleet();
  const pids = fleetProcesses(fleet);
  fleet.process.child.kill('SIGINT');
  fleet.process.child.kill('SIGINT');
  await fleet.process.ended;
  assert.deepEqual(stillRunning(pids), []);
});

test('when the supervisor is killed, the programs stop by themselves', async () => {
  await using fleet = await startFleet();
  const pids = fleetProcesses(fleet);
  fleet.process.child.kill('SIGKILL');
  await eventually('every program has stopped', () => stillRunning(pids).length === 0);
});

test('when the reader of the output goes away, everything stops', async () => {
  await using fleet = await startFleet();
  const pids = fleetProcesses(fleet);
  fleet.process.child.stdout?.destroy();
  fleet.process.child.stderr?.destroy();
  // Something to write: requests are logged.
  await fetch(`${fleet.url('gateway')}/users`).catch(() => undefined);
  await eventually('every program has stopped', () => stillRunning(pids).length === 0);
});

test('a full disk for the output stops nothing', { skip: !existsSync('/dev/full') }, async () => {
  const data = temporaryFolder();
  const fullDisk = openSync('/dev/full', 'w');
  const args = [...upArguments, '--free-ports', '--data', data.folder, '--only', 'user-service'];
  const fleet = spawn(process.execPath, args, {
    cwd: path.join(import.meta.dirname, '../..'),
    stdio: ['ignore', fullDisk, 'pipe'],
  });
  closeSync(fullDisk);
  let errors = '';
  fleet.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  // When all that it has written is read as well.
  const ended = once(fleet, 'close');
  // Nothing is announced on such an output, so a death is what can be seen: it is told on stderr, and mended.
  const program = (): number | undefined => descendantsOf(fleet.pid ?? 0)[0]?.pid;
  await eventually('the program runs', () => program() !== undefined);
  const first = program();
  process.kill(first ?? 0, 'SIGKILL');
  await eventually('it runs again', () => program() !== undefined && program() !== first);
  fleet.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
  assert.match(errors, /user-service was ended by SIGKILL; restarting it/);
  data.remove();
});

for (const victim of ['npm', 'scripts/bootstrap.mjs'] as const) {
  test(`when ${victim} is killed under "npm start", everything below it stops`, async () => {
    const data = temporaryFolder();
    const npm = spawnCommand('npm', ['start', '--', '--free-ports', '--data', data.folder]);
    await npm.says(/Ctrl-C stops everything/);
    const programs = (): readonly unknown[] =>
      descendantsOf(npm.pid).filter((each) => /apps\/[a-z-]+\/src\/main\.ts/.test(each.command));
    // The supervisor itself, four programs, and the dashboard, which comes last.
    await eventually('all run', () => programs().length === 6 + gatewayWorkers);
    const below = descendantsOf(npm.pid);
    const bootstrap = below.find((each) => /^\S*node scripts\/bootstrap\.mjs/.test(each.command));
    process.kill(victim === 'npm' ? npm.pid : (bootstrap?.pid ?? assert.fail('no bootstrap')), 'SIGKILL');
    const pids = below.map((each) => each.pid);
    await eventually('nothing is left', () => stillRunning(pids).length === 0);
    data.remove();
  });
}
