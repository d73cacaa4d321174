import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';

/** Code that takes its clock as an argument can be tested without waiting. */
function remindAfterMinute(clock: Clock, remind: () => void): void {
  clock.after(60_000, remind);
}

test('reminds after a minute, not before', () => {
  const clock = new FakeClock();
  let reminders = 0;
  remindAfterMinute(clock, () => {
    reminders += 1;
  });
  clock.advance(59_999);
  assert.equal(reminders, 0);
  clock.advance(1);
  assert.equal(reminders, 1);
});
