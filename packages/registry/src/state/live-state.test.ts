import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import type { Change } from '../record/log-record.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { LiveState } from './live-state.ts';
import { type Membership, resolveOptions } from './options.ts';

const place = { name: 'web', id: 'one', address: '10.0.0.1', port: 80 };
const rest = { tags: [], metadata: {}, weight: 1, lease_ms: 60_000, registered_at: '2026-01-01T00:00:00.000Z' };
const nothing = { history: 'one', revision: 0, records: [], aliveMs: 0, owners: ['only'] };

test('an instance that leaves takes its lease along: nothing is left to expire', async (t) => {
  const clock = new FakeClock();
  const store = openSqliteStore({ file: ':memory:', clock });
  t.after(() => store.close());
  let expired = 0;
  const told: string[] = [];
  const onMembership = ({ kind, name, id }: Membership): void => void told.push(`${kind} ${name}/${id}`);
  const state = new LiveState(resolveOptions({ store, clock, onMembership }), nothing, {
    onExpired: (leases) => {
      expired += leases.length;
    },
    onHeard: () => {},
    onReported: () => {},
    onDisplaced: () => assert.fail('nobody is displaced'),
    onSessionsInDoubt: () => assert.fail('there is no session'),
    onOrphans: () => assert.fail('there is no key'),
    onInstances: () => {},
  });
  const sizes = (): readonly number[] => [state.instances.catalog.size, state.instances.leases.size];
  for (let revision = 1; revision <= 30; revision += 3) {
    const lease = { owner: store.owner, seenMs: clock.now() };
    const put: Change = { type: 'put', kind: 'instance', key: 'web/one', value: { ...place, ...rest }, lease };
    state.apply({ changes: [put], revision });
    // A put of what is there goes on with the lease it has.
    state.apply({ changes: [put], revision: revision + 1 });
    assert.deepEqual(sizes(), [1, 1]);
    const gone: Change = { type: 'delete', kind: 'instance', key: 'web/one', reason: 'deregistered' };
    state.apply({ changes: [gone], revision: revision + 2 });
    assert.deepEqual(sizes(), [0, 0]);
  }
  assert.deepEqual(told.slice(0, 3), ['added web/one', 'deregistered web/one', 'added web/one']);
  clock.advance(600_000);
  assert.equal(expired, 0);
});
