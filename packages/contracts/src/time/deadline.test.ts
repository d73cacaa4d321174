import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { DeadlineExceeded, startDeadline } from './deadline.ts';

test('aborts when the time is up, and says how long it was', () => {
  const clock = new FakeClock();
  const deadline = startDeadline({ clock, afterMs: 300 });
  clock.advance(299);
  assert.equal(deadline.leftMs(), 1);
  assert.equal(deadline.signal.aborted, false);
  clock.advance(1);
  assert.ok(deadline.exceeded);
  assert.ok(deadline.signal.reason instanceof DeadlineExceeded);
  assert.match(deadline.signal.reason.message, /not finished within 300 ms/);
  assert.equal(deadline.leftMs(), 0);
});

test('ends early with the reason of the signal, even if that was aborted before', () => {
  const clock = new FakeClock();
  const reason = new Error('enough');
  const caller = new AbortController();
  const deadline = startDeadline({ clock, afterMs: 300, signal: caller.signal });
  caller.abort(reason);
  const late = startDeadline({ clock, afterMs: 300, signal: AbortSignal.abort(reason) });
  for (const each of [deadline, late]) {
    assert.equal(each.signal.reason, reason);
    assert.equal(each.exceeded, false);
    each.cancel();
  }
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test("a caller's deadline that is passed on is not its own", () => {
  const clock = new FakeClock();
  const outer = startDeadline({ clock, afterMs: 100 });
  const inner = startDeadline({ clock, afterMs: 300, signal: outer.signal });
  clock.advance(100);
  assert.ok(outer.exceeded);
  assert.ok(inner.signal.aborted);
  assert.equal(inner.exceeded, false);
});

test('once cancelled, nothing aborts it; with its timer stopped, only the signal does', () => {
  const clock = new FakeClock();
  const caller = new AbortController();
  const [done, stream] = [1, 2].map(() => startDeadline({ clock, afterMs: 300, signal: caller.signal }));
  done?.cancel();
  stream?.stopTimer();
  assert.deepEqual(clock.pendingDelaysMs, []);
  clock.advance(300);
  assert.equal(stream?.signal.aborted, false);
  caller.abort();
  assert.equal(done?.signal.aborted, false);
  assert.equal(stream?.signal.aborted, true);
});
