import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { amountSchema, parseAmount, showAmount } from './amount.ts';

const largest = 99_999_999_999_999;

test('every number of cents survives the way out as JSON and back in', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: largest }), (cents) => {
      const wire = JSON.stringify(showAmount(cents));
      assert.equal(parseAmount(JSON.parse(wire)), cents);
      assert.equal(parseAmount(wire), cents);
    }),
    { numRuns: 5_000 },
  );
});

test('a decimal text with two decimals and the JSON number it spells are the same cents', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), fc.integer({ min: 0, max: 99 }), (whole, part) => {
      fc.pre(whole + part > 0);
      const text = `${whole}.${String(part).padStart(2, '0')}`;
      assert.equal(parseAmount(text), whole * 100 + part);
      assert.equal(parseAmount(JSON.parse(text)), whole * 100 + part);
    }),
    { numRuns: 5_000 },
  );
});

test('amounts are shown without needless decimals', () => {
  const shown = [10_000, 9_950, 29, 1, largest].map((cents) => JSON.stringify(showAmount(cents)));
  assert.deepEqual(shown, ['100', '99.5', '0.29', '0.01', '999999999999.99']);
});

test('what is no amount is refused and never rounded', () => {
  const numbers = [0, -0, -1, 0.001, 1.005, 99.999, 1e-7, 1e12, 1e21, Number.NaN, Number.POSITIVE_INFINITY];
  const texts = [
    '',
    ' 1',
    '1 ',
    '+1',
    '-1',
    '01',
    '1.',
    '.5',
    '1.234',
    '1e2',
    '1,5',
    '0',
    '0.00',
    '١',
    '1000000000000',
  ];
  for (const amount of [...numbers, ...texts]) assert.equal(parseAmount(amount), undefined, JSON.stringify(amount));
  for (const amount of [null, true, {}, [], [1]]) assert.equal(amountSchema.safeParse(amount).success, false);
});
