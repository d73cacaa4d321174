// A program with the npm package `eureka-js-client`, as somebody would write one. Usage: node eureka-client.mjs <port>
// <path of the API>, such as /eureka/apps/.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Eureka } from 'eureka-js-client';

const [port, servicePath] = process.argv.slice(2);
const answers = createInterface(process.stdin);
const say = (/** @type {string} */ text) => console.log(text);
const logger = { warn() {}, info() {}, debug() {}, error() {} };

async function restart() {
  const restarted = once(answers, 'line');
  say('restart');
  await restarted;
}

/** A client that registers itself, or only looks. */
function client({ id, registers = true, delta = false }) {
  return new Eureka({
    logger,
    instance: {
      app: 'shop',
      instanceId: id,
      hostName: '127.0.0.1',
      ipAddr: '127.0.0.1',
      port: { $: 8000 + Number(id.slice(-1)), '@enabled': 'true' },
      vipAddress: 'shop.test',
      statusPageUrl: 'http://127.0.0.1/info',
      metadata: { zone: 'a', 'a.dotted-name': 'x' },
      dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
      leaseInfo: { renewalIntervalInSecs: 1, durationInSecs: 30 },
    },
    eureka: {
      serviceUrls: { default: [`http://127.0.0.1:${port}${servicePath}`] },
      preferSameZone: false,
      registerWithEureka: registers,
      heartbeatInterval: 1_000,
      registryFetchInterval: 200,
      // A heartbeat that is tried again for long would register what was stopped in the meantime.
      maxRetries: 1,
      requestRetryDelay: 200,
      shouldUseDelta: delta,
    },
  });
}

async function started(one) {
  await new Promise((resolve, reject) => one.start((error) => (error ? reject(error) : resolve())));
}

async function stopped(one) {
  await new Promise((resolve, reject) => one.stop((error) => (error ? reject(error) : resolve())));
}

async function until(what, isSo) {
  const began = performance.now();
  for (;;) {
    try {
      if (isSo()) break;
    } catch {
      // It throws where it knows no instance.
    }
    assert.ok(performance.now() - began < 60_000, `waited for: ${what}`);
    await sleep(20);
  }
  say(`${what} after ${Math.round(performance.now() - began)} ms`);
}

const idsOf = (instances) =>
  (instances ?? [])
    .map(({ instanceId }) => instanceId)
    .toSorted()
    .join(' ');

const looking = client({ id: 'looking-9', registers: false });
const following = client({ id: 'following-9', registers: false, delta: true });
await started(looking);
await started(following);
const first = client({ id: 'shop-1' });
await started(first);
say('registered');
await until('the first is found', () => idsOf(looking.getInstancesByAppId('SHOP')) === 'shop-1');
await until('the first is found by delta', () => idsOf(following.getInstancesByAppId('SHOP')) === 'shop-1');
const [seen] = looking.getInstancesByVipAddress('shop.test');
assert.equal(seen.port.$, 8001);
assert.equal(seen.app, 'SHOP');
assert.equal(seen.metadata.zone, 'a');
assert.equal(seen.metadata['a.dotted-name'], 'x');
assert.equal(seen.dataCenterInfo.name, 'MyOwn');
const second = client({ id: 'shop-2' });
await started(second);
await until('the second is found', () => idsOf(looking.getInstancesByAppId('SHOP')) === 'shop-1 shop-2');
await until('the second is found by delta', () => idsOf(following.getInstancesByAppId('SHOP')) === 'shop-1 shop-2');
await once(first, 'heartbeat');
say('a heartbeat is answered');

const statusUrl = `http://127.0.0.1:${port}${servicePath}SHOP/shop-1/status?value=OUT_OF_SERVICE`;
assert.equal((await fetch(statusUrl, { method: 'PUT' })).status, 200);
await until('one out of service is no longer used', () => idsOf(looking.getInstancesByAppId('SHOP')) === 'shop-2');
assert.equal((await fetch(statusUrl.replace('OUT_OF_SERVICE', 'UP'), { method: 'DELETE' })).status, 200);
await until('back in service', () => idsOf(looking.getInstancesByAppId('SHOP')) === 'shop-1 shop-2');

await restart();
await once(first, 'heartbeat');
await until('both are found after a restart', () => idsOf(looking.getInstancesByAppId('SHOP')) === 'shop-1 shop-2');

await stopped(first);
await until('one is gone', () => idsOf(looking.getInstancesByAppId('SHOP')) === 'shop-2');
await stopped(second);
await until('both are gone', () => idsOf(looking.getInstancesByAppId('SHOP')) === '');
await stopped(looking);
await stopped(following);
answers.close();
say('ok');
process.exit(0);
