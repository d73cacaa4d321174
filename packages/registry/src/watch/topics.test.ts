import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { TopicTable, topicOf, type WaitEnd } from './topics.ts';

function open(maxTopics?: number): { clock: FakeClock; topics: TopicTable } {
  const clock = new FakeClock();
  return { clock, topics: new TopicTable({ clock, revision: 100, ...(maxTopics === undefined ? {} : { maxTopics }) }) };
}

test('every topic begins at the revision of the registry, and rises with its own changes alone', () => {
  const { topics } = open();
  assert.equal(topics.indexOf(topicOf.service('web')), 100);
  topics.touch([topicOf.service('web')], 105);
  assert.equal(topics.indexOf(topicOf.service('web')), 105);
  assert.equal(topics.indexOf(topicOf.service('api')), 100);
  assert.equal(topics.indexOf(topicOf.service('api'), topicOf.service('web')), 105);
});

test('only a change of a topic wakes its waiters, and wakes each of them once', async () => {
  const { clock, topics } = open();
  const ends: WaitEnd[] = [];
  for (const topic of ['service:web', 'service:web', 'service:api'])
    void topics.wait({ topics: [topic, 'health'], after: 100, timeoutMs: 1_000 }).then((end) => ends.push(end));
  topics.touch(['service:web', 'health', 'service:web'], 101);
  await clock.advanceAsync(0);
  assert.deepEqual(ends, ['changed', 'changed', 'changed']);
  assert.equal(topics.waiting, 0);
  void topics.wait({ topics: ['service:api'], after: 100, timeoutMs: 1_000 }).then((end) => ends.push(end));
  topics.touch(['service:web'], 102);
  await clock.advanceAsync(999);
  assert.equal(ends.length, 3);
  await clock.advanceAsync(1);
  assert.deepEqual(ends.slice(3), ['timeout']);
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('an index that is behind is answered at once, and one that was never reached waits', async () => {
  const { clock, topics } = open();
  assert.equal(await topics.wait({ topics: ['services'], after: 99, timeoutMs: 1_000 }), 'changed');
  let end: WaitEnd | undefined;
  void topics.wait({ topics: ['services'], after: 5_000, timeoutMs: 1_000 }).then((how) => (end = how));
  await clock.advanceAsync(500);
  assert.equal(end, undefined);
  topics.touch(['services'], 101);
  await clock.advanceAsync(0);
  assert.equal(end, 'changed');
});

test('a waiter that leaves is forgotten, and a registry that stops or starts over keeps nobody waiting', async () => {
  const { topics } = open();
  const leaving = new AbortController();
  const left = topics.wait({ topics: ['services'], after: 100, timeoutMs: 1_000, signal: leaving.signal });
  leaving.abort();
  assert.equal(await left, 'aborted');
  assert.equal(topics.waiting, 0);
  const renewed = topics.wait({ topics: ['services'], after: 100, timeoutMs: 1_000 });
  topics.beginAnew(50);
  assert.equal(await renewed, 'changed');
  assert.equal(topics.indexOf('services'), 50);
  const closed = topics.wait({ topics: ['services'], after: 50, timeoutMs: 1_000 });
  topics.close();
  assert.equal(await closed, 'closed');
  assert.equal(await topics.wait({ topics: ['services'], after: 50, timeoutMs: 1_000 }), 'closed');
});

test('a topic that varies without a commit has a new number each time and wakes nobody, also after it was forgotten', async () => {
  const { clock, topics } = open(2);
  let end: WaitEnd | undefined;
  void topics.wait({ topics: ['a'], after: 100, timeoutMs: 1_000 }).then((how) => (end = how));
  const seen = [topics.variantOf('a', 'b')];
  const varied = (...names: readonly string[]): void => {
    topics.vary(...names);
    seen.push(topics.variantOf('a', 'b'));
  };
  varied('a');
  varied('b');
  varied('c');
  varied('a', 'b');
  varied('a');
  await clock.advanceAsync(0);
  assert.equal(end, undefined);
  assert.equal(new Set(seen).size, seen.length, seen.join());
});

test('a topic that was forgotten is never given an index below the one it had', () => {
  const { topics } = open(2);
  topics.touch(['a'], 101);
  topics.touch(['b'], 102);
  topics.touch(['a'], 103);
  topics.touch(['c'], 104);
  assert.equal(topics.indexOf('b'), 102);
  assert.equal(topics.indexOf('never seen'), 102);
  assert.equal(topics.indexOf('a'), 103);
});
