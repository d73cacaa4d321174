import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FilterError } from './expression.ts';
import { compileMatch } from './linear-match.ts';

test('it finds what a backtracking expression finds', () => {
  const part = fc.constantFrom(
    'a',
    'b',
    '.',
    '^',
    '$',
    '|',
    '(',
    ')',
    '(?:',
    '*',
    '+',
    '?',
    '[ab]',
    '[^a]',
    '\\d',
    '\\b',
    '{2}',
    '{1,}',
    '{0,2}',
    '1',
    '-',
  );
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', '-', '\n'), maxLength: 8 });
  let compared = 0;
  fc.assert(
    fc.property(fc.array(part, { maxLength: 7 }), text, (parts, given) => {
      const expression = parts.join('');
      let ours: (text: string) => boolean;
      try {
        ours = compileMatch(expression);
      } catch (error) {
        assert.ok(error instanceof FilterError);
        return;
      }
      let theirs: RegExp;
      try {
        theirs = new RegExp(expression, 's');
      } catch {
        return;
      }
      // In Go "." is any character but the end of a line.
      const dotless = new RegExp(expression);
      if (theirs.test(given) !== dotless.test(given)) return;
      compared += 1;
      assert.equal(ours(given), dotless.test(given), `${expression} on ${JSON.stringify(given)}`);
    }),
    { numRuns: 5_000 },
  );
  assert.ok(compared > 500);
});

test('it ignores case where the expression begins with (?i)', () => {
  assert.equal(compileMatch('(?i)^Ab[c-d]$')('aBD'), true);
  assert.equal(compileMatch('^Ab')('ab'), false);
});

test('expressions that make others try for years take no time', () => {
  const matches = compileMatch('^(a+)+$|(a|aa)*b|(.*)*x$');
  assert.equal(matches('a'.repeat(4_000)), true);
  assert.equal(compileMatch('^(a+)+$')(`${'a'.repeat(4_000)}!`), false);
  assert.equal(compileMatch('(x+x+)+y')('x'.repeat(4_000)), false);
});

test('one expression that is matched with too many texts is stopped', () => {
  const matches = compileMatch('(a|a|a|a|a|a)*b', { steps: 100_000 });
  assert.throws(() => {
    for (let times = 0; times < 1_000; times += 1) matches('a'.repeat(1_000));
  }, FilterError);
});
