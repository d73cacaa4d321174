import assert from 'node:assert/strict';
import type { Change, InstanceRecord, InstanceStore } from '@flotilla/registry';

/** What the suite needs to know of an implementation. */
export interface StoreUnderTest {
  /** Opens the store on its storage; called again after `close`, it finds what was there. */
  open(): Promise<InstanceStore>;
  /** Throws the storage away; the next `open` begins with a new one. Called when every store on it is closed. */
  dispose(): Promise<void>;
}

/** One promise of {@link InstanceStore}, as a test. */
export interface StoreCase {
  readonly title: string;
  run(subject: StoreUnderTest): Promise<void>;
}

export async function using<T>(subject: StoreUnderTest, use: (store: InstanceStore) => Promise<T>): Promise<T> {
  const store = await subject.open();
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

export async function committed(store: InstanceStore, changes: readonly Change[]): Promise<readonly number[]> {
  const result = await store.commit(changes);
  assert.equal(result.kind, 'committed');
  const revisions = result.kind === 'committed' ? result.revisions : [];
  assert.equal(revisions.length, changes.length, 'one revision for each change');
  return revisions;
}

export function assertRising(revisions: readonly number[]): void {
  for (const [index, revision] of revisions.entries())
    assert.ok(index === 0 || revision > (revisions[index - 1] ?? 0), `rises strictly: ${revisions.join(', ')}`);
}

export function record(name: string, id: string, fields: Partial<InstanceRecord> = {}): InstanceRecord {
  return {
    name,
    id,
    address: '10.0.0.1',
    port: 80,
    tags: [],
    metadata: {},
    weight: 1,
    status: 'passing',
    lease_ms: 60_000,
    registered_at: '2026-01-01T00:00:00.000Z',
    ...fields,
  };
}

export function put(name: string, id: string, fields: Partial<InstanceRecord> = {}): Extract<Change, { kind: 'put' }> {
  return { kind: 'put', record: record(name, id, fields), lastSeenMs: 1 };
}

export function remove(name: string, id: string): Extract<Change, { kind: 'delete' }> {
  return { kind: 'delete', name, id, reason: 'deregistered' };
}
