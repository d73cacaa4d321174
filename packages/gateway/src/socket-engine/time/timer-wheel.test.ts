import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import fc from 'fast-check';
import { Alarm, TimerWheel } from './timer-wheel.ts';

test('an alarm rings once, never early and at most two ticks late', () => {
  const clock = new FakeClock();
  const wheel = new TimerWheel(clock);
  let met = 0;
  wheel.set(
    new Alarm(() => {
      met += 1;
    }),
    1000,
  );
  clock.advance(999);
  assert.equal(met, 0);
  clock.advance(101);
  assert.equal(met, 1);
  clock.advance(200_000);
  assert.equal(met, 1);
  assert.equal(wheel.size, 0);
});

test('a later time replaces an earlier one, and an earlier one a later one', () => {
  const clock = new FakeClock();
  const wheel = new TimerWheel(clock);
  const met: number[] = [];
  const later = new Alarm(() => met.push(clock.monotonicMs()));
  const earlier = new Alarm(() => met.push(-clock.monotonicMs()));
  const start = clock.monotonicMs();
  wheel.set(later, 100);
  wheel.set(later, 5000);
  wheel.set(earlier, 5000);
  wheel.set(earlier, 100);
  clock.advance(300);
  assert.equal(met.length, 1);
  assert.ok((met[0] ?? 0) <= -(start + 100));
  clock.advance(5000);
  assert.equal(met.length, 2);
  assert.ok((met[1] ?? 0) >= start + 5000);
});

test('alarms beyond one turn of the wheel wait for the right turn', () => {
  const clock = new FakeClock();
  const wheel = new TimerWheel(clock);
  let met = 0;
  wheel.set(
    new Alarm(() => {
      met += 1;
    }),
    300_000,
  );
  clock.advance(299_990);
  assert.equal(met, 0);
  clock.advance(200);
  assert.equal(met, 1);
});

test('whatever is set, cleared and forgotten, each alarm rings exactly when its last setting says', () => {
  const step = fc.record({
    entry: fc.nat(4),
    action: fc.constantFrom('set' as const, 'clear' as const, 'forget' as const, 'wait' as const),
    ms: fc.nat(120_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const clock = new FakeClock();
      const wheel = new TimerWheel(clock);
      const due: (number | undefined)[] = [undefined, undefined, undefined, undefined, undefined];
      const entries = due.map(
        (_, index) =>
          new Alarm(() => {
            const at = due[index];
            assert.ok(at !== undefined, 'rings without being set');
            assert.ok(clock.monotonicMs() >= at && clock.monotonicMs() <= at + 101, 'rings at the wrong time');
            due[index] = undefined;
          }),
      );
      for (const { entry, action, ms } of steps) {
        const alarm = entries[entry];
        assert.ok(alarm !== undefined);
        if (action === 'wait') clock.advance(ms);
        else if (action === 'set') {
          wheel.set(alarm, ms);
          due[entry] = clock.monotonicMs() + ms;
        } else {
          wheel[action](alarm);
          due[entry] = undefined;
        }
      }
      clock.advance(250_000);
      assert.deepEqual(due, [undefined, undefined, undefined, undefined, undefined]);
      assert.equal(wheel.size, 0);
    }),
    { numRuns: 200 },
  );
});
