// A process that dies is started again, and its work is found as it was left.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { after, before, test } from 'node:test';
import { ask, send } from './support/ask.ts';
import { eventually } from './support/eventually.ts';
import { type Fleet, startFleet } from './support/fleet.ts';
import { stillRunning } from './support/processes.ts';
import { beginSlowRequest } from './support/slow-request.ts';
import { steadyLoad } from './support/steady-load.ts';

let fleet: Fleet;
before(async () => {
  fleet = await startFleet({ args: ['--scale', 'user-service=2'] });
});
after(() => fleet.stop());

function killOne(program: string): void {
  const [first] = fleet.processesOf(program);
  process.kill(first?.pid ?? assert.fail(`${program} does not run`), 'SIGKILL');
}

function countOf(pattern: RegExp): number {
  return [...fleet.process.stdout().matchAll(pattern)].length;
}

test('each kind of process comes back at its address after SIGKILL', async () => {
  for (const program of ['order-service', 'service-registry', 'gateway']) {
    killOne(program);
    await fleet.process.says(new RegExp(`${program} was ended by SIGKILL; restarting it\\n`));
    await fleet.process.says(new RegExp(`${program} is ready again`));
    assert.equal((await ask(`${fleet.url(program)}/health`)).status, 200);
  }
});

test('with two instances, no request fails while one of them is killed', async () => {
  const statuses: number[] = [];
  let asking = true;
  const caller = (async () => {
    while (asking) statuses.push((await ask(`${fleet.url('gateway')}/api/user/?id=1`)).status);
  })();
  killOne('user-service');
  await fleet.process.says(/user-service(-2)? is ready again/);
  asking = false;
  await caller;
  assert.ok(statuses.length > 10);
  assert.deepEqual([...new Set(statuses)], [200]);
});

test('a caller of a single instance that is killed waits for it instead of being refused', async () => {
  for (const program of ['order-service', 'service-registry']) {
    const ready = new RegExp(`${program} is ready again`, 'g');
    const readyBefore = countOf(ready);
    // Each on a new connection: one that is open when the process dies is lost with it.
    const load = steadyLoad(`${fleet.url(program)}/health`, { keptAlive: 0, fresh: 1 });
    await eventually('the load runs', () => load.count > 20);
    killOne(program);
    await eventually(`${program} is ready again`, () => countOf(ready) > readyBefore);
    const { answered, failed } = await load.stop();
    assert.deepEqual([...answered.keys()], [200]);
    assert.ok(failed.length <= 1 && !failed.includes('ECONNREFUSED'), failed.join(', '));
  }
});

test("no request fails while the gateway's primary is killed: its workers finish, its sockets outlive it", async () => {
  const primary = fleet.processesOf('gateway').find(({ parent }) => parent === fleet.process.pid);
  assert.ok(primary, 'the gateway has a primary');
  const readyBefore = countOf(/gateway is ready again/g);
  const load = steadyLoad(`${fleet.url('gateway')}/api/user/?id=1`, { keptAlive: 3, fresh: 3 });
  const slow = await beginSlowRequest(fleet.url('gateway'));
  await eventually('the load runs', () => load.count > 20);
  process.kill(primary.pid, 'SIGKILL');
  // At once, since the gateway has a least rate for bodies: its worker goes on without its primary.
  await eventually('the primary is gone', () => stillRunning([primary.pid]).length === 0);
  slow.finish();
  assert.equal(await slow.outcome, 201, 'a request under way');
  await eventually('the gateway is ready again', () => countOf(/gateway is ready again/g) > readyBefore);
  const count = load.count;
  await eventually('the load goes on', () => load.count > count + 20);
  const { answered, failed } = await load.stop();
  assert.deepEqual([[...answered.keys()], failed], [[200], []]);
  const workers = Math.min(availableParallelism(), 10);
  await eventually('those of before are gone', () => fleet.processesOf('gateway').length === 1 + workers);
});

test('acknowledged writes survive a kill', async () => {
  const created = await send('POST', `${fleet.url('order-service')}/orders`, {
    user_id: 1,
    item: 'kept',
    amount: 0.01,
  });
  assert.equal(created.status, 201, created.text);
  killOne('order-service');
  await fleet.process.says(/order-service is ready again[^]*order-service is ready again/);
  const { id } = created.json as { id: number };
  assert.deepEqual((await ask(`${fleet.url('order-service')}/orders/${id}`)).json, created.json);
});
