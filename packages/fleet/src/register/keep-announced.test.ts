import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Registrar, Registration } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { keepAnnounced } from './keep-announced.ts';

const health = { intervalMs: 1_000, timeoutMs: 100, failures: 2 };
const registration: Registration = { name: 'stock', address: '127.0.0.1', port: 8004 };

/** Lets everything happen that waits for nothing but promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

function setUp({ registrar: given }: { registrar?: () => Promise<Registrar> } = {}) {
  const clock = new FakeClock();
  const calls: string[] = [];
  const said: string[] = [];
  const state = { well: true, loaded: 0 };
  const registrar: Registrar = {
    register(what) {
      calls.push(`register ${what.name}`);
      return {
        acknowledged: Promise.resolve(),
        report: () => undefined,
        handOver: () => undefined,
        deregister: async () => void calls.push('deregister'),
      };
    },
  };
  const say = (_: unknown, text = ''): void => void said.push(text);
  const announcement = keepAnnounced({
    registration,
    registrar: given ?? (async () => registrar),
    isWell: async () => state.well,
    health,
    clock,
    logger: { info: say, warn: say },
    onRegistered: () => calls.push('acknowledged'),
  });
  const rounds = async (count: number): Promise<void> => {
    for (let round = 0; round < count; round += 1) {
      clock.advance(health.intervalMs);
      await settle();
    }
  };
  return { announcement, calls, said, state, rounds, clock };
}

test('a process is registered once while it is healthy, and deregistered when it ends', async () => {
  const { announcement, calls, rounds, clock } = setUp();
  await rounds(5);
  assert.deepEqual(calls, ['register stock', 'acknowledged']);
  await announcement.end();
  await announcement.end();
  assert.deepEqual(calls.slice(2), ['deregister']);
  assert.deepEqual(clock.pendingDelaysMs, [], 'nobody is asked any more');
});

test('an unhealthy process is deregistered after several failures in a row, and registered again once healthy', async () => {
  const { calls, said, state, rounds } = setUp();
  await settle();
  state.well = false;
  await rounds(1);
  state.well = true;
  await rounds(1);
  state.well = false;
  await rounds(1);
  assert.equal(calls.includes('deregister'), false, 'no two in a row');
  await rounds(5);
  assert.deepEqual(calls.slice(2), ['deregister']);
  state.well = true;
  await rounds(2);
  assert.deepEqual(calls.slice(3), ['register stock', 'acknowledged']);
  assert.deepEqual(said, ['unhealthy; removed from the registry until it is healthy', 'healthy again; registered']);
});

test('ending before the registrar is available waits for nothing and leaves nothing registered', async () => {
  const loading = Promise.withResolvers<Registrar>();
  const calls: string[] = [];
  const { announcement } = setUp({ registrar: () => loading.promise });
  await announcement.end();
  loading.resolve({
    register() {
      calls.push('register');
      return assert.fail();
    },
  });
  await settle();
  assert.deepEqual(calls, []);
});

test('an unusable registry URL is reported and harms nothing', async () => {
  const { announcement, said, rounds } = setUp({ registrar: () => Promise.reject(new TypeError('no such kind')) });
  await rounds(1);
  assert.deepEqual(said, ['cannot register']);
  await announcement.end();
});
