import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { SharedStorage } from '@flotilla/conformance';
import { FakeClock } from '@flotilla/testing';
import { createRegistry, type Registry } from '../registry.ts';
import type { KeyWatch } from './key-hub.ts';
import type { KeyOperation } from './key-operation.ts';

async function begun(
  t: TestContext,
  options: { historyEvents?: number } = {},
): Promise<{ registry: Registry; storage: SharedStorage }> {
  const storage = new SharedStorage();
  const registry = await createRegistry({ store: storage.open(), clock: new FakeClock(), ...options });
  t.after(() => registry.close());
  return { registry, storage };
}

const set = (key: string, text = ''): KeyOperation => ({
  verb: 'set',
  key,
  value: Buffer.from(`${key} ${text}`).toString('base64'),
});
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Waits on a topic from what it is now, and tells whether it has changed since. */
function waiting(registry: Registry, topic: string): () => Promise<boolean> {
  let ended = false;
  const after = registry.topics.indexOf(topic);
  void registry.topics.wait({ topics: [topic], after, timeoutMs: 600_000 }).then((end) => {
    ended = end === 'changed';
  });
  return async () => {
    await turns();
    return ended;
  };
}

test('a wait for a key is woken by its changes alone, whether it exists or not', async (t) => {
  const { registry } = await begun(t);
  await registry.keys.transact([set('a/there')]);
  const absent = waiting(registry, registry.keys.topicOfKey('a/absent'));
  const there = waiting(registry, registry.keys.topicOfKey('a/there'));
  await registry.keys.transact([set('a/absent2'), set('a/thereafter'), set('a')]);
  await registry.keys.transact([set('a/there')]);
  assert.deepEqual([await absent(), await there()], [false, false]);
  await registry.keys.transact([set('a/absent')]);
  assert.deepEqual([await absent(), await there()], [true, false]);
  await registry.keys.transact([{ verb: 'delete-under', prefix: 'a/' }]);
  assert.equal(await there(), true);
});

test('a wait for a prefix is woken by keys that begin with it, and by nothing else', async (t) => {
  const { registry } = await begun(t);
  await registry.keys.transact([set('a/1'), set('a/b/2')]);
  const wait = (prefix: string): (() => Promise<boolean>) => waiting(registry, registry.keys.topicOfPrefix(prefix));
  const [all, some, deep, other] = [wait(''), wait('a/'), wait('a/b/'), wait('c/')];
  await registry.keys.transact([set('a/2')]);
  assert.deepEqual(await Promise.all([all(), some(), deep(), other()]), [true, true, false, false]);
  await registry.keys.transact([{ verb: 'delete', key: 'a/b/2' }]);
  assert.deepEqual([await deep(), await other()], [true, false]);
});

test('the index of a key is its revision, and what came between two questions is not missed', async (t) => {
  const { registry } = await begun(t);
  await registry.keys.transact([set('a')]);
  const { revision } = registry.keys.get('a') ?? assert.fail();
  await registry.keys.transact([set('b')]);
  assert.equal(registry.topics.indexOf(registry.keys.topicOfKey('a')), revision);
  const index = registry.topics.indexOf(registry.keys.topicOfPrefix('c'));
  // So many are asked for that this prefix is followed no more, and it changes meanwhile.
  for (let other = 0; other < 20_000; other += 1) registry.keys.topicOfKey(`other ${other}`);
  await registry.keys.transact([set('c/1')]);
  const topic = registry.keys.topicOfPrefix('c');
  assert.equal(await registry.topics.wait({ topics: [topic], after: index, timeoutMs: 600_000 }), 'changed');
});

function watching(registry: Registry, prefix: string, from?: number): { watch: KeyWatch; ready: () => number } {
  let ready = 0;
  const watch = registry.keys.watch({ prefix, from, history: registry.history, onReady: () => (ready += 1) });
  return { watch, ready: () => ready };
}

/** What a watch reads, in short. */
function read(watch: KeyWatch): readonly string[] {
  return watch.read(100).map((event) => {
    switch (event.type) {
      case 'snapshot':
        return `snapshot ${event.entries.map(({ key }) => key).join(' ')}`.trim();
      case 'put':
        return `put ${event.entry.key}`;
      case 'delete':
        return `delete ${event.keys.join(' ')}`;
      case 'reset':
        return `reset ${event.reason}`;
      case 'bookmark':
        return 'bookmark';
      default:
        return event satisfies never;
    }
  });
}

test('a watch begins with a snapshot, hears of each change of its keys, and goes on after a break without a gap', async (t) => {
  const { registry } = await begun(t);
  await registry.keys.transact([set('a/1'), set('b')]);
  const { watch, ready } = watching(registry, 'a/');
  assert.deepEqual(read(watch), ['snapshot a/1']);
  await registry.keys.transact([set('b', 'other')]);
  assert.deepEqual([ready(), read(watch)], [0, []]);
  const { revision } = registry;
  await registry.keys.transact([set('a/2'), set('c'), { verb: 'delete', key: 'a/1' }]);
  await registry.keys.transact([{ verb: 'delete-under', prefix: '' }, set('a/3')]);
  const expected = ['put a/2', 'delete a/1', 'delete a/2 b c', 'put a/3'];
  assert.deepEqual(read(watch), expected);
  assert.ok(ready() > 0);
  assert.deepEqual(read(watching(registry, 'a/', revision).watch), [...expected, 'bookmark']);
  const places = watching(registry, 'a/', revision)
    .watch.read(100)
    .flatMap((event) => ('revision' in event && event.type !== 'bookmark' ? event.revision : []));
  for (const [index, place] of places.entries())
    assert.deepEqual(read(watching(registry, 'a/', place).watch), [...expected.slice(index + 1), 'bookmark']);
});

test('a watch that cannot go on says so and begins anew', async (t) => {
  const { registry, storage } = await begun(t, { historyEvents: 2 });
  const { revision } = registry;
  const { watch } = watching(registry, 'a/');
  assert.deepEqual(read(watch), ['snapshot']);
  for (const key of ['a/1', 'a/2', 'a/3']) await registry.keys.transact([set(key)]);
  assert.deepEqual(read(watch), ['reset compacted', 'snapshot a/1 a/2 a/3']);
  assert.deepEqual(read(watching(registry, 'a/', revision).watch), ['reset compacted', 'snapshot a/1 a/2 a/3']);
  assert.deepEqual(read(watching(registry, 'a/', registry.revision + 1).watch)[0], 'reset future');
  storage.lose();
  await turns();
  assert.deepEqual(read(watch), ['snapshot']);
  assert.equal(registry.keys.size, 0);
});

test('what another registry writes to the shared store is seen, waited for and watched', async (t) => {
  const { registry, storage } = await begun(t);
  const other = await createRegistry({ store: storage.open(), clock: new FakeClock() });
  t.after(() => other.close());
  const woken = waiting(registry, registry.keys.topicOfPrefix('a/'));
  const { watch } = watching(registry, 'a/');
  assert.deepEqual(read(watch), ['snapshot']);
  await other.keys.transact([set('a/1')]);
  assert.equal(await woken(), true);
  assert.deepEqual(read(watch), ['put a/1']);
  // Both write at once: each condition that fails is decided anew.
  const writes = [registry, other].flatMap((one) =>
    Array.from({ length: 3 }, (_, index) => one.keys.transact([set(`a/${index}`, `${one === other}`)])),
  );
  await Promise.all(writes);
  await turns();
  assert.deepEqual([...registry.keys.under('')], [...other.keys.under('')]);
  assert.equal(registry.keys.bytes, other.keys.bytes);
});
