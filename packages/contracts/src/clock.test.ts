import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { systemClock } from './index.ts';

test("a wait beyond Node's longest timer is not cut short", () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    let runs = 0;
    const month = 30 * 86_400_000;
    systemClock.after(month, () => {
      runs += 1;
    });
    // In two steps, because the faked timers count a timer set during a step from the step's end.
    mock.timers.tick(2_147_483_647);
    mock.timers.tick(month - 2_147_483_647 - 1);
    assert.equal(runs, 0);
    mock.timers.tick(1);
    assert.equal(runs, 1);
  } finally {
    mock.timers.reset();
  }
});

test('a cancelled wait never runs, and cancelling twice is harmless', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const timer = systemClock.after(10, () => assert.fail('ran after it was cancelled'));
    timer.cancel();
    timer.cancel();
    mock.timers.tick(20);
  } finally {
    mock.timers.reset();
  }
});

test('the monotonic clock does not go back', () => {
  const first = systemClock.monotonicMs();
  assert.ok(systemClock.monotonicMs() >= first);
});
