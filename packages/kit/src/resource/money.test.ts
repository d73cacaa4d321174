import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { moneySchema, parseMoney, showMoney } from './money.ts';

const largest = 99_999_999_999_999;

test('every number of cents survives the round trip through JSON', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: largest }), (cents) => {
      const wire = JSON.stringify(showMoney(cents));
      assert.equal(parseMoney(JSON.parse(wire)), cents);
      assert.equal(parseMoney(wire), cents);
    }),
    { numRuns: 5_000 },
  );
});

test('a string with two decimals and the same JSON number are the same cents', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), fc.integer({ min: 0, max: 99 }), (whole, part) => {
      fc.pre(whole + part > 0);
      const text = `${whole}.${String(part).padStart(2, '0')}`;
      assert.equal(parseMoney(text), whole * 100 + part);
      assert.equal(parseMoney(JSON.parse(text)), whole * 100 + part);
    }),
    { numRuns: 5_000 },
  );
});

test('amounts are shown without needless decimals', () => {
  const shown = [10_000, 9_950, 29, 1, largest].map((cents) => JSON.stringify(showMoney(cents)));
  assert.deepEqual(shown, ['100', '99.5', '0.29', '0.01', '999999999999.99']);
});

test('a JSON number is an amount, however it is written', () => {
  const spelled = {
    '100': 10_000,
    '100.10': 10_010,
    '100.000': 10_000,
    '1e2': 10_000,
    '1E+1': 1_000,
    '1e-2': 1,
    '0.290': 29,
  };
  for (const [json, cents] of Object.entries(spelled)) assert.equal(parseMoney(JSON.parse(json)), cents, json);
});

test('a number that is not an amount is refused, never rounded', () => {
  const numbers = [
    '0',
    '-0',
    '-1',
    '-0.01',
    '0.001',
    '0.004',
    '1.005',
    '99.999',
    '1e-7',
    '1e12',
    '1e21',
    '1e400',
    '-1e400',
  ];
  for (const json of [...numbers, '999999999999.995', '9007199254740993', String(0.1 + 0.2), String(1.1 * 3)])
    assert.equal(parseMoney(JSON.parse(json)), undefined, json);
  assert.equal(parseMoney(Number.NaN), undefined);
});

test('a string is an amount only if it is written like money', () => {
  const shapes = ['', '.', '1.', '.5', '1.234', '100.000', '1.2.3', '1..2', '01', '0100', '00.1', '0', '0.0', '0.00'];
  const signs = ['+1', '-1', '-0', '-0.01', '1-', '$1', '¥1', '1元', '(1)'];
  const spaces = [' 1', '1 ', '1\n', '\t1', '\u00a01', '1\u200b', '1 000', '\ufeff1', '1\u0000'];
  const spellings = ['1e2', '1E2', '1e-2', '0x10', '0b1', '0o7', '1n', '1_000', '1,000', '1,5', "1'000", '1/2', '1%'];
  const scripts = ['１', '１００', '١', '१', '一', '²', '½', '∞', 'Infinity', 'NaN', 'null', 'true', 'ten'];
  const large = ['1000000000000', '999999999999.995', '9'.repeat(100_000)];
  for (const text of [...shapes, ...signs, ...spaces, ...spellings, ...scripts, ...large])
    assert.equal(parseMoney(text), undefined, JSON.stringify(text.slice(0, 50)));
});

test('a third decimal is refused, in strings and numbers, whatever comes before it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: largest }), fc.integer({ min: 1, max: 9 }), (cents, digit) => {
      const digits = String(cents).padStart(3, '0');
      const text = `${digits.slice(0, -2)}.${digits.slice(-2)}${digit}`;
      assert.equal(parseMoney(text), undefined, text);
      assert.equal(parseMoney(Number(text)), undefined, text);
    }),
    { numRuns: 5_000 },
  );
});

test('anything but a number or a string is not an amount', () => {
  for (const amount of [null, undefined, true, {}, [], [1], 1n])
    assert.equal(moneySchema.safeParse(amount).success, false);
});
