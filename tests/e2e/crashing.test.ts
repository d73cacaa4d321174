// A process that dies is started again, and its work is found as it was left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, send } from './support/ask.ts';
import { type Fleet, startFleet } from './support/fleet.ts';

let fleet: Fleet;
before(async () => {
  fleet = await startFleet({ args: ['--scale', 'user-service=2'] });
});
after(() => fleet.stop());

function killOne(program: string): void {
  const [first] = fleet.processesOf(program);
  process.kill(first?.pid ?? assert.fail(`${program} does not run`), 'SIGKILL');
}

test('each kind of process comes back at its address after SIGKILL', async () => {
  for (const program of ['order-service', 'service-registry', 'gateway']) {
    killOne(program);
    await fleet.process.says(new RegExp(`${program} was ended by SIGKILL; starting it again\\n`));
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

test('what was acknowledged before a kill is there after it', async () => {
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
