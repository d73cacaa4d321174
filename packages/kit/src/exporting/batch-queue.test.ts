import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { currentTrace, TraceIds, withinTrace } from '../telemetry/index.ts';
import { BatchQueue } from './batch-queue.ts';

const limits = { delayMs: 5_000, timeoutMs: 30_000, maxQueued: 6, maxBatch: 3 };

/** Batches that are what was put into them. */
function lists<Item>() {
  return { open: (): Item[] => [], put: (batch: Item[], item: Item) => void batch.push(item) };
}

/** A queue whose receiver answers when told to. */
function setUp() {
  const clock = new FakeClock();
  const sent: (readonly number[])[] = [];
  const answers: (() => void)[] = [];
  const aborted: unknown[] = [];
  let dropped = 0;
  const queue = new BatchQueue({
    ...lists<number>(),
    clock,
    limits,
    dropped: (count) => (dropped += count),
    send: (batch, _count, signal) => {
      sent.push(batch);
      signal.addEventListener('abort', () => aborted.push(signal.reason));
      return new Promise((resolve) => answers.push(resolve));
    },
  });
  const answer = async (): Promise<void> => {
    answers.shift()?.();
    await clock.advanceAsync(0);
  };
  return { clock, queue, sent, aborted, answer, dropped: () => dropped };
}

test('sends what has waited long enough, and a full batch at once', async () => {
  const { clock, queue, sent, answer } = setUp();
  queue.add(1);
  await clock.advanceAsync(4_999);
  assert.deepEqual(sent, []);
  await clock.advanceAsync(1);
  assert.deepEqual(sent, [[1]]);
  await answer();
  for (const item of [2, 3, 4]) queue.add(item);
  await clock.advanceAsync(0);
  assert.deepEqual(sent, [[1], [2, 3, 4]]);
  await answer();
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('keeps no more than its limit while a receiver does not answer, and counts the rest', async () => {
  const { clock, queue, sent, answer, dropped } = setUp();
  for (let item = 0; item < 3; item += 1) queue.add(item);
  await clock.advanceAsync(0);
  for (let item = 3; item < 1_000; item += 1) queue.add(item);
  await clock.advanceAsync(10_000);
  assert.deepEqual(sent, [[0, 1, 2]]);
  assert.equal(dropped(), 991);
  await answer();
  await answer();
  await answer();
  assert.deepEqual(sent.slice(1), [
    [3, 4, 5],
    [6, 7, 8],
  ]);
});

test('a stop sends what is left, and waits no longer than its limit', async () => {
  const { clock, queue, sent, aborted, answer, dropped } = setUp();
  queue.add(1);
  const closed = queue.close(2_000);
  await clock.advanceAsync(0);
  assert.deepEqual(sent, [[1]]);
  await answer();
  await closed;

  const hanging = setUp();
  for (const item of [1, 2, 3, 4]) hanging.queue.add(item);
  await hanging.clock.advanceAsync(0);
  const late = hanging.queue.close(2_000);
  await hanging.clock.advanceAsync(2_000);
  await late;
  assert.equal(hanging.aborted.length, 1);
  assert.equal(hanging.dropped(), 1);
  hanging.queue.add(5);
  assert.equal(hanging.dropped(), 2);
  assert.deepEqual([aborted.length, dropped()], [0, 0]);
});

test('gives up on a batch in time', async () => {
  const { clock, queue, aborted } = setUp();
  queue.add(1);
  await clock.advanceAsync(5_000);
  await clock.advanceAsync(30_000);
  assert.equal(aborted.length, 1);
});

test('a batch is sent outside the request that happens to fill it', async () => {
  const clock = new FakeClock();
  const seen: unknown[] = [];
  const send = async (): Promise<void> => void seen.push(currentTrace());
  const queue = new BatchQueue({ ...lists<number>(), clock, limits, dropped: () => undefined, send });
  withinTrace(new TraceIds().newTrace(), () => queue.add(1));
  await clock.advanceAsync(5_000);
  assert.deepEqual(seen, [undefined]);
});

test('a batch that cannot be written is dropped, and the next one is sent', async () => {
  const clock = new FakeClock();
  const sent: (readonly string[])[] = [];
  let dropped = 0;
  const queue = new BatchQueue({
    ...lists<string>(),
    clock,
    limits,
    dropped: (count) => (dropped += count),
    send: (batch) => {
      if (batch.includes('bad')) throw new RangeError('cannot be written');
      sent.push(batch);
      return Promise.resolve();
    },
  });
  for (const item of ['bad', 'good', 'good', 'later']) queue.add(item);
  await clock.advanceAsync(5_000);
  assert.deepEqual([dropped, sent], [3, [['later']]]);
});

test('an item that no batch can be begun for, or that cannot be put into one, costs nothing but itself', async () => {
  const clock = new FakeClock();
  const sent: unknown[] = [];
  let dropped = 0;
  let opened = 0;
  const queue = new BatchQueue({
    clock,
    limits,
    open: (): number[] => {
      opened += 1;
      if (opened === 1) throw new RangeError('no room');
      return [];
    },
    put: (batch, item: number) => {
      if (Number.isNaN(item)) throw new RangeError('cannot be written');
      batch.push(item);
    },
    dropped: (count) => (dropped += count),
    send: (batch, count) => Promise.resolve(void sent.push([batch, count])),
  });
  for (const item of [0, 1, Number.NaN, 2]) queue.add(item);
  await clock.advanceAsync(5_000);
  assert.deepEqual([dropped, sent], [2, [[[1, 2], 2]]]);
});
