import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError, type ServiceInstance, type WatchEvent } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import type { ChangeEvent } from './event-ring.ts';
import { WatchHub, type WatchHubOptions } from './watch-hub.ts';

function hubAt(revision: number, options: Partial<WatchHubOptions> = {}): WatchHub {
  const defaults = {
    historyEvents: 5,
    historyBytes: 1_000_000,
    maxWatches: 10,
    history: 'one',
    snapshot: () => [],
    clock: new FakeClock(),
  };
  return new WatchHub({ ...defaults, revision, ...options });
}

function gone(revision: number, name = 'web'): ChangeEvent {
  return { type: 'delete', revision, name, id: `i${revision}`, reason: 'deregistered' };
}

function brief(events: readonly WatchEvent[]): readonly string[] {
  return events.map((event) => (event.type === 'reset' ? `reset ${event.reason}` : `${event.type} ${event.revision}`));
}

const idle = { onReady: (): void => {} };

test('a watch starts with a snapshot at its revision, and continues with what comes after', () => {
  const hub = hubAt(7);
  hub.publish([gone(8)]);
  const watch = hub.watch(idle);
  assert.deepEqual(brief(watch.read(10)), ['snapshot 8']);
  assert.deepEqual(brief(watch.read(10)), []);
  hub.publish([gone(9), gone(10)]);
  assert.deepEqual(brief(watch.read(10)), ['delete 9', 'delete 10']);
});

test('a watch resumes after any revision of the history, including its first, and across the wrap of the ring', () => {
  const hub = hubAt(100);
  for (let revision = 101; revision <= 112; revision += 1) hub.publish([gone(revision)]);
  for (let from = 107; from <= 112; from += 1) {
    const expected = Array.from({ length: 112 - from }, (_, index) => `delete ${from + index + 1}`);
    const watch = hub.watch({ ...idle, from });
    assert.deepEqual(brief(watch.read(10)), [...expected, 'bookmark 112'], `from ${from}`);
    assert.deepEqual(brief(watch.read(10)), []);
  }
});

test('a watch says when it must start over: too old, from before a restart, or from the future', () => {
  const hub = hubAt(100);
  assert.deepEqual(brief(hub.watch({ ...idle, from: 100 }).read(10)), ['bookmark 100']);
  assert.deepEqual(brief(hub.watch({ ...idle, from: 99 }).read(10)), ['reset compacted', 'snapshot 100']);
  assert.deepEqual(brief(hub.watch({ ...idle, from: 101 }).read(10)), ['reset future', 'snapshot 100']);
  for (let revision = 101; revision <= 106; revision += 1) hub.publish([gone(revision)]);
  assert.deepEqual(brief(hub.watch({ ...idle, from: 100 }).read(10)), ['reset compacted', 'snapshot 106']);
  assert.deepEqual(brief(hub.watch({ ...idle, from: 101 }).read(1)), ['delete 102']);
});

test('a reader that falls behind the history is reset once, and then continues', () => {
  const hub = hubAt(0);
  const watch = hub.watch(idle);
  watch.read(10);
  for (let revision = 1; revision <= 20; revision += 1) hub.publish([gone(revision)]);
  assert.deepEqual(brief(watch.read(10)), ['reset compacted', 'snapshot 20']);
  hub.publish([gone(21)]);
  assert.deepEqual(brief(watch.read(10)), ['delete 21']);
});

test('reading in portions neither loses nor repeats an event', () => {
  const hub = hubAt(0);
  const watch = hub.watch({ ...idle, from: 0, services: new Set(['web']) });
  hub.publish([gone(1), gone(2, 'api'), gone(3), gone(4), gone(5, 'api')]);
  assert.deepEqual(brief(watch.read(2)), ['delete 1', 'delete 3']);
  assert.deepEqual(brief(watch.read(2)), ['delete 4', 'bookmark 5']);
  assert.deepEqual(brief(watch.read(2)), []);
});

test('a watch of one service is not woken by another, and its place still moves on', () => {
  let woken = 0;
  const hub = hubAt(0);
  const watch = hub.watch({ services: new Set(['web']), onReady: () => (woken += 1) });
  watch.read(10);
  for (let revision = 1; revision <= 3; revision += 1) hub.publish([gone(revision, 'api')]);
  assert.equal(woken, 0);
  hub.publish([gone(4)]);
  assert.equal(woken, 1);
  assert.deepEqual(brief(watch.read(10)), ['delete 4']);
  assert.deepEqual(watch.bookmark(), { type: 'bookmark', revision: 4 });
});

test('a quiet watch of one service is not reset because others changed often while it slept', () => {
  const hub = hubAt(0);
  const watch = hub.watch({ ...idle, services: new Set(['web']) });
  watch.read(10);
  for (let revision = 1; revision <= 50; revision += 1) hub.publish([gone(revision, 'api')]);
  assert.deepEqual(brief(watch.read(10)), []);
  for (let revision = 51; revision <= 100; revision += 1) hub.publish([gone(revision, 'api')]);
  hub.publish([gone(101)]);
  assert.deepEqual(brief(watch.read(10)), ['delete 101']);
});

test('a watch is woken once until it reads, and never after it was closed', () => {
  let woken = 0;
  const hub = hubAt(0);
  const watch = hub.watch({ onReady: () => (woken += 1) });
  watch.read(10);
  hub.publish([gone(1)]);
  hub.publish([gone(2)]);
  assert.equal(woken, 1);
  watch.read(10);
  hub.publish([gone(3)]);
  assert.equal(woken, 2);
  watch.close();
  watch.close();
  hub.publish([gone(4)]);
  assert.equal(woken, 2);
  assert.equal(hub.size, 0);
});

test('the hub refuses more watches than its limit, and accepts new ones when old ones close', () => {
  const hub = hubAt(0, { maxWatches: 2 });
  const first = hub.watch(idle);
  hub.watch(idle);
  assert.throws(
    () => hub.watch(idle),
    (error) => isAppError(error) && error.code === 'OVERLOADED',
  );
  first.close();
  hub.watch(idle);
});

test('a snapshot contains only the requested services', () => {
  const asked: (ReadonlySet<string> | undefined)[] = [];
  const instances: readonly ServiceInstance[] = [];
  const hub = hubAt(0, {
    snapshot: (services) => {
      asked.push(services);
      return instances;
    },
  });
  const services = new Set(['web']);
  hub.watch({ ...idle, services }).read(1);
  assert.deepEqual(asked, [services]);
});

test('closing the hub ends every watch and refuses new ones', () => {
  let ended = 0;
  const hub = hubAt(0);
  for (let index = 0; index < 3; index += 1) hub.watch({ ...idle, onEnd: () => (ended += 1) });
  hub.close();
  assert.deepEqual([ended, hub.size], [3, 0]);
  assert.throws(
    () => hub.watch(idle),
    (error) => isAppError(error) && error.code === 'SHUTTING_DOWN',
  );
});

test('all who want the same at one revision share one snapshot; a change makes a new one', () => {
  const clock = new FakeClock();
  const made: string[] = [];
  const hub = hubAt(7, {
    clock,
    snapshot: (services) => {
      made.push([...(services ?? ['all'])].join(' '));
      return [];
    },
  });
  const begin = (...services: string[]): void => {
    const watch = hub.watch({ ...idle, services: services.length === 0 ? undefined : new Set(services) });
    watch.read(10);
    watch.close();
  };
  for (let round = 0; round < 50; round += 1) begin();
  begin('a', 'b');
  begin('b', 'a');
  assert.deepEqual(made, ['all', 'a b']);
  hub.publish([], 8);
  begin();
  hub.showAnew(new Set(['a']));
  begin();
  clock.advance(1_000);
  // Signs of life have no revision, and what they change is not to be older than that.
  begin();
  assert.deepEqual(made.slice(2), ['all', 'all', 'all']);
});
