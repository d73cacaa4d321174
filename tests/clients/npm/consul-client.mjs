// A program with the npm package `consul`, as somebody would write one. Usage: node consul-client.mjs <port>.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import Consul from 'consul';

const consul = new Consul({ host: '127.0.0.1', port: Number(process.argv[2]), defaults: { token: 'unused' } });
const answers = createInterface(process.stdin);
const say = (/** @type {string} */ text) => console.log(text);

async function restart() {
  const restarted = once(answers, 'line');
  say('restart');
  await restarted;
}

/** Watches, and gives what was seen last. */
function watching(method, options) {
  const watch = consul.watch({ method, options, backoffFactor: 100 });
  const seen = { value: undefined, errors: [] };
  watch.on('change', (value) => (seen.value = value));
  watch.on('error', (error) => seen.errors.push(error.message));
  return {
    seen,
    end: () => watch.end(),
    async until(what, isSo) {
      const began = performance.now();
      while (seen.value === undefined || !isSo(seen.value)) {
        assert.ok(performance.now() - began < 20_000, `${what}; seen last: ${JSON.stringify(seen)}`);
        await sleep(5);
      }
      say(`${what} after ${Math.round(performance.now() - began)} ms`);
    },
  };
}

const idsOf = (entries) =>
  entries
    .map(({ Service }) => Service.ID)
    .toSorted()
    .join(' ');

const passing = watching(consul.health.service, { service: 'shop', passing: true, wait: '30s' });
const services = watching(consul.catalog.service.list, {});
const key = watching(consul.kv.get, { key: 'shop/colour' });

await consul.agent.service.register({
  id: 'shop-1',
  name: 'shop',
  tags: ['x', 'y'],
  address: '127.0.0.1',
  port: 8001,
  meta: { zone: 'a' },
  check: { ttl: '60s', deregistercriticalserviceafter: '90m' },
});
await services.until('service listed', (list) => list.shop?.length === 2);
await consul.agent.check.pass({ id: 'service:shop-1', note: 'well' });
await passing.until('first passing', (entries) => idsOf(entries) === 'shop-1');
await consul.agent.service.register({
  id: 'shop-2',
  name: 'shop',
  port: 8002,
  check: { ttl: '60s', status: 'passing' },
});
await passing.until('second passing', (entries) => idsOf(entries) === 'shop-1 shop-2');
await consul.agent.check.fail({ id: 'service:shop-2', note: 'unwell' });
await passing.until('failure', (entries) => idsOf(entries) === 'shop-1');

const listed = await consul.agent.service.list();
assert.equal(listed['shop-1'].Port, 8001);
assert.deepEqual(listed['shop-1'].Meta, { zone: 'a' });
const checks = await consul.agent.check.list();
assert.equal(checks['service:shop-2'].Output, 'unwell');
const nodes = await consul.catalog.service.nodes('shop');
assert.equal(nodes.length, 2);
const states = await consul.health.state('critical');
assert.ok(states.some(({ ServiceID }) => ServiceID === 'shop-2'));
await consul.agent.service.maintenance({ id: 'shop-1', enable: true, reason: 'upgrade' });
await passing.until('maintenance', (entries) => entries.length === 0);
await consul.agent.service.maintenance({ id: 'shop-1', enable: false });
await passing.until('maintenance over', (entries) => entries.length === 1);

assert.equal(await consul.kv.set('shop/colour', 'red'), true);
await key.until('key', (pair) => pair?.Value === 'red');
const pair = await consul.kv.get('shop/colour');
assert.equal(await consul.kv.set({ key: 'shop/colour', value: 'blue', cas: pair.ModifyIndex }), true);
// The package gives undefined for the answer `false`.
assert.ok(!(await consul.kv.set({ key: 'shop/colour', value: 'green', cas: pair.ModifyIndex })));
assert.deepEqual(await consul.kv.keys('shop/'), ['shop/colour']);
assert.equal(await consul.kv.get('nothing'), undefined);
const { Results } = await consul.transaction.create([
  { KV: { Verb: 'set', Key: 'shop/size', Value: Buffer.from('large').toString('base64') } },
  { KV: { Verb: 'get', Key: 'shop/colour' } },
]);
assert.equal(Results.length, 2);

const session = await consul.session.create({ name: 'held', ttl: '60s', lockdelay: '1ms' });
assert.equal(await consul.kv.set({ key: 'shop/lock', value: 'me', acquire: session.ID }), true);
await restart();
assert.equal((await consul.kv.get('shop/lock')).Session, session.ID);
await consul.session.renew(session.ID);
await consul.agent.check.pass('service:shop-2');
await passing.until('after a restart, a change', (entries) => idsOf(entries) === 'shop-1 shop-2');
await consul.kv.set('shop/colour', 'black');
await key.until('after a restart, a key', (one) => one?.Value === 'black');
await consul.session.destroy(session.ID);

await consul.agent.service.deregister('shop-1');
await consul.agent.service.deregister('shop-2');
await passing.until('deregistered', (entries) => entries.length === 0);
await services.until('no longer listed', (list) => list.shop === undefined);
await consul.kv.del({ key: 'shop/', recurse: true });
assert.match(await consul.status.leader(), /:/);
for (const watch of [passing, services, key]) watch.end();
answers.close();
say('ok');
