// A program that runs but does not answer is as good as dead: it is started again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from './support/ask.ts';
import { eventually } from './support/eventually.ts';
import { startFleet } from './support/fleet.ts';

test('a frozen program is killed and restarted, and reported', async () => {
  await using fleet = await startFleet({ args: ['--only', 'service-registry,user-service', '--hang-limit', '3'] });
  const [frozen] = fleet.processesOf('user-service');
  process.kill(frozen?.pid ?? assert.fail('user-service does not run'), 'SIGSTOP');
  await fleet.process.says(/user-service has not answered for [34]\.\d s; killing it/);
  await fleet.process.says(/user-service was ended by SIGKILL; restarting it\n/);
  await fleet.process.says(/user-service is ready again/);
  assert.equal((await ask(`${fleet.url('user-service')}/users`)).status, 200);
});

test('a supervisor that was itself suspended restarts nothing', async () => {
  await using fleet = await startFleet({ args: ['--only', 'user-service', '--hang-limit', '3'] });
  const pids = fleet.processesOf('user-service').map(({ pid }) => pid);
  const everything = [fleet.process.pid, ...pids];
  // As a laptop does that is closed, and opened again after longer than the limit.
  for (const pid of everything) process.kill(pid, 'SIGSTOP');
  const openedMs = performance.now() + 4_500;
  await eventually('the laptop is opened', () => performance.now() > openedMs);
  for (const pid of everything) process.kill(pid, 'SIGCONT');
  const awakeMs = performance.now() + 1_500;
  await eventually('the supervisor has looked around', () => performance.now() > awakeMs);
  assert.doesNotMatch(fleet.process.stderr(), /has not answered/);
  assert.deepEqual(
    fleet.processesOf('user-service').map(({ pid }) => pid),
    pids,
  );
});
