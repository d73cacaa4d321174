import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { waitUntil } from '@flotilla/testing';
import { answerEach, type RawUpstream, rawUpstream } from '../../raw-upstream.ts';
import { type EngineHarness, get, ok, startEngine } from './engine-harness.ts';

const byTenant = { ship: { balance: { kind: 'consistent-hash', key: { from: 'header', name: 'X-Tenant' } } } } as const;
const leastInFlight = { ship: { balance: { kind: 'least-in-flight' } } } as const;

/** That requests go where the balancer of their route sends them. */
export function balancingTests(createEngine: CreateEngine): void {
  test('requests with one key go to one instance, and all to the next one when that is gone', async () => {
    await using one = await named('0');
    await using two = await named('1');
    await using three = await named('2');
    const fleet = [one, two, three];
    await using engine = await startEngine(createEngine, fleet, { services: byTenant });
    const tenants = Array.from({ length: 20 }, (_, at) => `tenant-${at}`);
    const homes = await Promise.all(tenants.map((tenant) => askedBy(engine, tenant)));
    assert.equal(new Set(homes).size, 3);
    assert.deepEqual(await Promise.all(tenants.map((tenant) => askedBy(engine, tenant))), homes);
    const gone = fleet[Number(homes[0])];
    for (const connection of gone?.connections ?? []) connection.destroy();
    await gone?.refuse();
    const later = await Promise.all(tenants.map((tenant) => askedBy(engine, tenant)));
    for (const [at, home] of homes.entries()) {
      if (home === homes[0]) assert.notEqual(later[at], home);
      else assert.equal(later[at], home, 'a key moved that need not move');
    }
    assert.deepEqual(await Promise.all(tenants.map((tenant) => askedBy(engine, tenant))), later);
  });

  test('a busy instance gets nothing more while another is idle', async () => {
    await using busy = await rawUpstream();
    await using idle = await named('idle');
    await using engine = await startEngine(createEngine, [busy, idle], { services: leastInFlight });
    const waiting = [await engine.connect(), await engine.connect()];
    for (const client of waiting) client.send(get('/ship/'));
    await waitUntil('one waits', () => (busy.connections[0]?.received.length ?? 0) > 0);
    for (let count = 0; count < 5; count += 1) assert.equal(await askedBy(engine, 'any'), 'idle');
    assert.equal(busy.connections.length, 1);
  });
}

function named(name: string): Promise<RawUpstream> {
  return rawUpstream(answerEach(ok(name)));
}

async function askedBy(engine: EngineHarness, tenant: string): Promise<string | undefined> {
  const client = await engine.connect();
  client.send(get('/ship/', `X-Tenant: ${tenant}\r\n`));
  return (await client.response())?.body;
}
