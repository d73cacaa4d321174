import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WatchEvent } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import type { Bookmark } from '../watch/ring-watch.ts';
import { framePieces } from './event-frames.ts';
import { InstanceTexts } from './instance-texts.ts';
import { Turns } from './turns.ts';
import { type WatchListeners, WatchStream } from './watch-stream.ts';

/** A stream over a watch that gives what the test puts into `events`. */
function streaming(clock: FakeClock): {
  stream: WatchStream<WatchEvent>;
  events: WatchEvent[];
  watch: { onReady(): void; onEnd(): void; closed: boolean };
} {
  const events: WatchEvent[] = [];
  const watch = { onReady: () => {}, onEnd: () => {}, closed: false };
  const texts = new InstanceTexts();
  const stream = new WatchStream<WatchEvent>({
    watch: (listeners: WatchListeners) => {
      Object.assign(watch, listeners);
      return {
        read: (limit: number) => events.splice(0, limit),
        bookmark: (): Bookmark => ({ type: 'bookmark', revision: 7 }),
        close: () => {
          watch.closed = true;
        },
      };
    },
    frames: (event) => framePieces(event, texts),
    clock,
    turns: new Turns(clock),
    bookmarkAfterMs: 15_000,
    stalledAfterMs: 30_000,
    wholeWithinMs: 120_000,
  });
  return { stream, events, watch };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const longName = 'x'.repeat(100_000);

/** About 100 kB: more than a stream holds ready, so one of it makes a reader that does not read a blocked one. */
const bulky = (revision: number): WatchEvent => ({
  type: 'delete',
  revision,
  name: longName,
  id: 'i',
  reason: 'expired',
});

test('a reader that reads nothing is cut off after 30 s, and gets no more events meanwhile', async () => {
  const clock = new FakeClock();
  const { stream, events, watch } = streaming(clock);
  stream.read(0);
  await settled();
  events.push(...Array.from({ length: 500 }, (_, index) => bulky(index)));
  watch.onReady();
  await settled();
  const left = events.length;
  assert.ok(left > 400, 'one chunk is read ahead, no more');
  await clock.advanceAsync(29_999);
  assert.deepEqual([stream.destroyed, events.length], [false, left]);
  await clock.advanceAsync(1);
  assert.deepEqual([stream.destroyed, watch.closed], [true, true]);
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('a reader that is slow but reads is not cut off', async () => {
  const clock = new FakeClock();
  const { stream, events, watch } = streaming(clock);
  stream.read(0);
  await settled();
  events.push(...Array.from({ length: 5_000 }, (_, index) => bulky(index)));
  watch.onReady();
  for (let step = 0; step < 6; step += 1) {
    await clock.advanceAsync(20_000);
    const before = events.length;
    // One call may give less than all that is held ready: until the next chunk is asked for.
    while (events.length === before && stream.read() !== null);
    await settled();
  }
  assert.equal(stream.destroyed, false);
  assert.ok(events.length > 0, 'it never caught up');
  stream.destroy();
});

test('closing the registry ends a stream that is read, and cuts off one that is blocked', async () => {
  const clock = new FakeClock();
  const reading = streaming(clock);
  const ended = new Promise<void>((resolve) => reading.stream.once('end', resolve));
  reading.stream.resume();
  await settled();
  reading.watch.onEnd();
  await ended;

  const blocked = streaming(clock);
  blocked.stream.read(0);
  await settled();
  blocked.events.push(bulky(1));
  blocked.watch.onReady();
  blocked.watch.onEnd();
  assert.equal(blocked.stream.destroyed, true);
});
