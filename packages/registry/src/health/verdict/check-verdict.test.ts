import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceStatus } from '@flotilla/contracts';
import { CheckVerdict, type Finding, type Thresholds } from './check-verdict.ts';

const atOnce: Thresholds = { failuresBeforeCritical: 1, successesBeforePassing: 1 };

/** Lets a verdict take one finding each `everyMs`; returns when it changed, and to what. */
function changes(
  verdict: CheckVerdict,
  findings: Iterable<InstanceStatus>,
  { by = 'probe', everyMs = 1_000, fromMs = 0 }: { by?: Finding['by']; everyMs?: number; fromMs?: number } = {},
): [number, InstanceStatus][] {
  const seen: [number, InstanceStatus][] = [];
  let nowMs = fromMs;
  for (const status of findings) {
    const before = verdict.status;
    verdict.take({ status, by }, nowMs);
    if (verdict.status !== before) seen.push([nowMs, verdict.status]);
    nowMs += everyMs;
  }
  return seen;
}

function alternating(seconds: number): InstanceStatus[] {
  return Array.from({ length: seconds }, (_, index) => (index % 2 === 0 ? 'critical' : 'passing'));
}

/** The most changes in any minute. */
function mostInAMinute(seen: readonly [number, InstanceStatus][]): number {
  return Math.max(...seen.map(([from]) => seen.filter(([at]) => at >= from && at < from + 60_000).length));
}

test('failures make a check critical only after as many in a row as it takes', () => {
  const verdict = new CheckVerdict(
    { failuresBeforeCritical: 3, successesBeforePassing: 1 },
    { status: 'passing', sinceMs: -90_000 },
  );
  assert.deepEqual(changes(verdict, ['critical', 'critical', 'passing', 'critical', 'critical', 'critical']), [
    [5_000, 'critical'],
  ]);
});

test('a check that counts says how far it is', () => {
  const verdict = new CheckVerdict(
    { failuresBeforeCritical: 3, successesBeforePassing: 2 },
    { status: 'passing', sinceMs: -90_000 },
  );
  assert.equal(
    verdict.take({ status: 'critical', by: 'probe' }, 0).note,
    'failed 1 of 3 times in a row that make it critical',
  );
});

test('failures make a check a warning first if that takes fewer', () => {
  const verdict = new CheckVerdict(
    { failuresBeforeWarning: 1, failuresBeforeCritical: 3, successesBeforePassing: 1 },
    { status: 'passing', sinceMs: -90_000 },
  );
  assert.deepEqual(changes(verdict, ['critical', 'critical', 'critical']), [
    [0, 'warning'],
    [2_000, 'critical'],
  ]);
});

test('a critical check recovers after as many successes in a row as it takes', () => {
  const verdict = new CheckVerdict(
    { failuresBeforeCritical: 1, successesBeforePassing: 3 },
    { status: 'critical', sinceMs: -90_000 },
  );
  assert.deepEqual(changes(verdict, ['passing', 'passing', 'critical', 'passing', 'passing', 'passing']), [
    [5_000, 'passing'],
  ]);
});

test('the first result decides at once what was only assumed before', () => {
  const verdict = new CheckVerdict(atOnce, { status: 'critical', sinceMs: undefined });
  assert.deepEqual(verdict.take({ status: 'passing', by: 'probe' }, 5), {
    status: 'passing',
    note: undefined,
    againMs: undefined,
  });
});

test('one short failure is over once the check has been good for 5 s', () => {
  const verdict = new CheckVerdict(atOnce, { status: 'passing', sinceMs: -90_000 });
  const findings: InstanceStatus[] = ['critical', ...Array.from({ length: 9 }, () => 'passing' as const)];
  assert.deepEqual(changes(verdict, findings), [
    [0, 'critical'],
    [6_000, 'passing'],
  ]);
});

test('a check that was bad for a minute recovers with the first success', () => {
  const verdict = new CheckVerdict(atOnce, { status: 'passing', sinceMs: -90_000 });
  assert.deepEqual(changes(verdict, ['critical', 'critical', 'passing'], { everyMs: 30_000 }), [
    [0, 'critical'],
    [60_000, 'passing'],
  ]);
});

test('a check that alternates every second changes at most twice in any minute', () => {
  const verdict = new CheckVerdict(atOnce, { status: 'passing', sinceMs: -90_000 });
  const seen = changes(verdict, alternating(600));
  assert.ok(seen.length > 10, 'it must not stay bad for ever');
  assert.ok(mostInAMinute(seen) <= 2, JSON.stringify(seen));
});

test('a check that recovers for some seconds again and again changes three times, and then twice a minute', () => {
  const verdict = new CheckVerdict(atOnce, { status: 'passing', sinceMs: -90_000 });
  const findings = Array.from(
    { length: 600 },
    (_, index) => (index % 20 < 10 ? 'critical' : 'passing') as InstanceStatus,
  );
  const seen = changes(verdict, findings);
  assert.equal(mostInAMinute(seen.slice(1)), 2, JSON.stringify(seen));
});

test('a check that is held back says so, and until when', () => {
  const verdict = new CheckVerdict(atOnce, { status: 'passing', sinceMs: -90_000 });
  verdict.take({ status: 'critical', by: 'probe' }, 0);
  assert.deepEqual(verdict.take({ status: 'passing', by: 'probe' }, 1_000), {
    status: 'critical',
    note: 'passing in 5 s at the earliest, if it stays so: it has changed within the last minute',
    againMs: 6_000,
  });
});

test('what a process says of itself is shown at once', () => {
  const verdict = new CheckVerdict(atOnce, { status: 'passing', sinceMs: -90_000 });
  assert.equal(changes(verdict, alternating(4), { by: 'report' }).length, 4);
});

test('somebody whose word changes every second is heard at most twice a minute after the first changes', () => {
  const verdict = new CheckVerdict(atOnce, { status: 'passing', sinceMs: -90_000 });
  const seen = changes(verdict, alternating(600), { by: 'report' });
  assert.ok(seen.length < 5 + 2 * 10, JSON.stringify(seen));
  assert.ok(mostInAMinute(seen.slice(5)) <= 2, JSON.stringify(seen));
  const calm = changes(verdict, ['passing', 'passing', 'critical', 'passing'], {
    by: 'report',
    fromMs: 900_000,
    everyMs: 61_000,
  });
  assert.deepEqual(calm.at(-1), [900_000 + 3 * 61_000, 'passing'], 'once it rests it is heard at once again');
});

test('a word that is held back counts when its time has come, without being said again', () => {
  const verdict = new CheckVerdict(atOnce, { status: 'passing', sinceMs: -90_000 });
  changes(verdict, alternating(5), { by: 'report' });
  const { status, againMs } = verdict.take({ status: 'passing', by: 'report' }, 5_000);
  assert.deepEqual([status, againMs], ['critical', 64_000]);
  assert.equal(verdict.settle(63_999).status, 'critical');
  assert.equal(verdict.settle(64_000).status, 'passing');
});

test('silence makes a check critical at once, however often it has changed', () => {
  const verdict = new CheckVerdict(atOnce, { status: 'passing', sinceMs: -90_000 });
  changes(verdict, alternating(6), { by: 'report' });
  verdict.settle(70_000);
  assert.equal(verdict.take({ status: 'critical', by: 'lapse' }, 70_001).status, 'critical');
});
