import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import type { InstanceRecord } from '../store/instance-store.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { LiveState } from './live-state.ts';
import { type Membership, resolveOptions } from './options.ts';

const record: InstanceRecord = {
  name: 'web',
  id: 'one',
  address: '10.0.0.1',
  port: 80,
  tags: [],
  metadata: {},
  weight: 1,
  status: 'passing',
  lease_ms: 60_000,
  registered_at: '2026-01-01T00:00:00.000Z',
};

test('an instance that goes takes its lease along: nothing of it is left to run out', async (t) => {
  const clock = new FakeClock();
  const store = openSqliteStore({ file: ':memory:', clock });
  t.after(() => store.close());
  let expired = 0;
  const told: string[] = [];
  const onMembership = ({ kind, name, id }: Membership): void => void told.push(`${kind} ${name}/${id}`);
  const state = new LiveState(
    resolveOptions({ store, clock, onMembership }),
    { history: 'one', revision: 0, instances: [], maintenance: [], aliveMs: 0 },
    (leases) => {
      expired += leases.length;
    },
  );
  for (let revision = 1; revision <= 30; revision += 3) {
    state.apply({ change: { kind: 'put', record, lastSeenMs: clock.now() }, revision });
    // A put of what is there goes on with the lease it has.
    state.apply({ change: { kind: 'put', record, lastSeenMs: clock.now() }, revision: revision + 1 });
    assert.deepEqual([state.catalog.size, state.leases.size], [1, 1]);
    state.apply({ change: { kind: 'delete', name: 'web', id: 'one', reason: 'deregistered' }, revision: revision + 2 });
    assert.deepEqual([state.catalog.size, state.leases.size], [0, 0]);
  }
  assert.deepEqual(told.slice(0, 3), ['added web/one', 'deregistered web/one', 'added web/one']);
  clock.advance(600_000);
  assert.equal(expired, 0);
});
