import assert from 'node:assert/strict';
import {
  type Change,
  type Condition,
  type InstanceValue,
  instanceKey,
  type LogRecord,
  type RecordStore,
  type StoreEvent,
} from '@flotilla/registry';

/** What the suite needs to know of an implementation. */
export interface StoreUnderTest {
  /** Opens the store on its storage; called again after `close`, it finds what was there. */
  open(): Promise<RecordStore>;
  /** Opens a second store on the same storage, while the first one is open. Left out: there is never another writer. */
  openAnother?(): Promise<RecordStore>;
  /** Makes the storage forget the commits so far, though not what they came to. Left out: it never does. */
  compact?(): Promise<void>;
  /** Throws the storage away; the next `open` begins with a new one. Called when every store on it is closed. */
  dispose(): Promise<void>;
}

/** One promise of {@link RecordStore}, as a test. */
export interface StoreCase {
  readonly title: string;
  /** What the implementation has to offer beside the least. */
  readonly needs?: 'openAnother' | 'compact';
  run(subject: StoreUnderTest): Promise<void>;
}

export async function using<T>(subject: StoreUnderTest, use: (store: RecordStore) => Promise<T>): Promise<T> {
  const store = await subject.open();
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Two stores on one storage. */
export async function usingTwo(
  subject: StoreUnderTest,
  use: (store: RecordStore, another: RecordStore) => Promise<void>,
): Promise<void> {
  await using(subject, async (store) => {
    const another = (await subject.openAnother?.()) ?? assert.fail('it has no other writer');
    try {
      await use(store, another);
    } finally {
      await another.close();
    }
  });
}

/** Follows from a revision, and gives back the next `count` events. */
export async function followed(store: RecordStore, from: number, count: number): Promise<readonly StoreEvent[]> {
  const enough = new AbortController();
  const events: StoreEvent[] = [];
  for await (const event of store.follow(from, enough.signal)) {
    events.push(event);
    if (events.length === count) break;
  }
  enough.abort();
  return events;
}

/** The revisions of the commits among events. */
export function revisionsOf(events: readonly StoreEvent[]): readonly number[] {
  return events.flatMap((event) => (event.kind === 'commit' ? event.revision : []));
}

export async function committed(
  store: RecordStore,
  changes: readonly Change[],
  conditions?: readonly Condition[],
): Promise<number> {
  const result = await store.commit(changes, conditions);
  assert.equal(result.kind, 'committed');
  return result.revision;
}

export function assertRising(revisions: readonly number[]): void {
  for (const [index, revision] of revisions.entries())
    assert.ok(index === 0 || revision > (revisions[index - 1] ?? 0), `rises strictly: ${revisions.join(', ')}`);
}

export function instance(name: string, id: string, fields: Partial<InstanceValue> = {}): InstanceValue {
  return {
    name,
    id,
    address: '10.0.0.1',
    port: 80,
    tags: [],
    metadata: {},
    weight: 1,
    lease_ms: 60_000,
    registered_at: '2026-01-01T00:00:00.000Z',
    ...fields,
  };
}

export function put(name: string, id: string, fields: Partial<InstanceValue> = {}): Change {
  const lease = { owner: 'somebody', seenMs: 1 };
  return { type: 'put', kind: 'instance', key: instanceKey(name, id), value: instance(name, id, fields), lease };
}

export function remove(name: string, id: string): Change {
  return { type: 'delete', kind: 'instance', key: instanceKey(name, id), reason: 'deregistered' };
}

/** That an instance is as a revision left it; 0 = that it is not there. */
export function as(revision: number, name: string, id: string): Condition {
  return { kind: 'instance', key: instanceKey(name, id), revision };
}

export async function records(store: RecordStore): Promise<readonly LogRecord[]> {
  return (await store.load()).records;
}

export async function keys(store: RecordStore): Promise<readonly string[]> {
  return (await records(store)).map(({ key }) => key).sort();
}
