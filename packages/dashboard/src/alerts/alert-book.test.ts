import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertBook } from './alert-book.ts';
import type { AlertFacts } from './facts.ts';
import type { AlertRule, Finding } from './rule.ts';

const noFacts: Omit<AlertFacts, 'nowMs'> = {
  programs: undefined,
  troubles: [],
  traffic: undefined,
  upstreams: undefined,
  disks: undefined,
  certificates: undefined,
};

/** A book with one rule that finds what it is told to; `at` looks at a time in seconds and says what the book shows. */
function bookOf(times: Pick<AlertRule, 'holdMs' | 'clearMs'>) {
  let found: readonly Finding[] | undefined = [];
  const book = new AlertBook([{ kind: 'error-rate', ...times, examine: () => found }]);
  return {
    book,
    at(seconds: number, findings: readonly (readonly [string, Finding['level'], Finding['severity']?])[] | undefined) {
      found = findings?.map(([subject, level, severity = 'warning']) => ({
        ...{ subject, level, severity },
        ...{ text: { en: `${level} at ${seconds}`, zh: `${seconds}` }, link: '/' },
      }));
      const changed = book.examine({ ...noFacts, nowMs: seconds * 1_000 });
      const shown = book.alerts.map(({ subject, sinceMs, endedMs }) =>
        [subject, sinceMs / 1_000, ...(endedMs === undefined ? [] : [endedMs / 1_000])].join(' '),
      );
      return { shown, changed };
    },
  };
}

test('what is found for long enough is an alert from when it was first found; a break begins the time anew', () => {
  const { at } = bookOf({ holdMs: 10_000, clearMs: 10_000 });
  assert.deepEqual(at(0, [['a', 'raised']]).shown, []);
  assert.deepEqual(at(9, [['a', 'raised']]).shown, []);
  assert.deepEqual(at(9.5, []).shown, []);
  assert.deepEqual(at(10, [['a', 'raised']]).shown, []);
  assert.deepEqual(at(15, [['a', 'lingering']]).shown, [], 'too little to begin one');
  assert.deepEqual(at(16, [['a', 'raised']]).shown, []);
  assert.deepEqual(at(26, [['a', 'raised']]), { shown: ['a 16'], changed: true });
});

test('a value that swings around a threshold is one alert, not many', () => {
  const { book, at } = bookOf({ holdMs: 0, clearMs: 30_000 });
  assert.deepEqual(at(0, [['a', 'raised']]).shown, ['a 0']);
  const first = book.alerts[0]?.text.en;
  for (let seconds = 5; seconds < 300; seconds += 5) {
    // Above, between, and for less than half a minute below.
    const level = seconds % 30 === 0 ? 'raised' : 'lingering';
    const findings = seconds % 20 === 0 ? [] : ([['a', level]] as const);
    assert.deepEqual(at(seconds, findings).shown, ['a 0']);
  }
  assert.equal(first, 'raised at 0');
  assert.match(book.alerts[0]?.text.en ?? '', /^raised/, 'a lingering one keeps its words');
});

test('an alert ends when nothing was found for long enough, as of when it was last found; a new one is another', () => {
  const { at } = bookOf({ holdMs: 0, clearMs: 30_000 });
  at(0, [['a', 'raised']]);
  assert.deepEqual(at(10, []).shown, ['a 0']);
  assert.deepEqual(at(39, []).shown, ['a 0']);
  assert.deepEqual(at(40, []), { shown: ['a 0 10'], changed: true });
  assert.deepEqual(at(45, []).changed, false);
  assert.deepEqual(at(50, [['a', 'raised']]).shown, ['a 50', 'a 0 10']);
  assert.deepEqual(at(24 * 3_600 + 11, [['a', 'raised']]).shown, ['a 50'], 'the ended one is forgotten after a day');
});

test('while a rule cannot know, its alerts stay as they are', () => {
  const { at } = bookOf({ holdMs: 0, clearMs: 0 });
  at(0, [['a', 'raised']]);
  assert.deepEqual(at(1_000, undefined), { shown: ['a 0'], changed: false });
  assert.deepEqual(at(1_001, []).shown, ['a 0 1001']);
});

test('critical alerts come first, and one that becomes critical changes', () => {
  const { book, at } = bookOf({ holdMs: 0, clearMs: 0 });
  at(0, [['a', 'raised', 'critical']]);
  assert.deepEqual(
    at(1, [
      ['a', 'raised', 'critical'],
      ['b', 'raised'],
    ]).shown,
    ['a 0', 'b 1'],
  );
  assert.equal(
    at(2, [
      ['a', 'raised'],
      ['b', 'raised', 'critical'],
    ]).changed,
    true,
  );
  assert.deepEqual(
    book.lasting.map(({ subject, severity }) => `${subject} ${severity}`),
    ['b critical', 'a warning'],
  );
});
