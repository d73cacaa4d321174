import { rule, ruleIssue } from '@flotilla/contracts';
import { z } from 'zod';
import { wireShape } from './wire-shape.ts';

/** The largest price or sum. With two decimals it has 14 digits, so a JSON number represents it exactly (15 are safe). */
export const maxMoney = '999999999999.99';

const decimal = /^(0|[1-9][0-9]{0,11})(?:\.([0-9]{1,2}))?$/;

/**
 * The minor units (cents) of an amount; undefined if it is not valid: not a decimal number, more than two decimals, zero or
 * less, or more than {@link maxMoney}.
 *
 * A number is read from its shortest decimal form, which for up to 15 digits is how it was written. So nothing is multiplied
 * or rounded: 0.29 is 29 cents, not 28.999999999999996.
 */
export function parseMoney(amount: number | string): number | undefined {
  const [, whole, fraction = ''] = decimal.exec(String(amount)) ?? [];
  if (whole === undefined) return undefined;
  const cents = Number(whole + fraction.padEnd(2, '0'));
  return cents > 0 ? cents : undefined;
}

/**
 * The JSON number for `cents`: 10000 is 100, 9950 is 99.5. Dividing integers of this size gives the double closest to the
 * decimal, and JSON writes that double as exactly the decimal.
 */
export function showMoney(cents: number): number {
  return cents / 100;
}

/**
 * An amount in a request; the output is in cents.
 * - A JSON number, however it is written: `100`, `100.10`, `1e2`. JSON.parse turns it into a double, so digits beyond the
 *   17th are lost before we see them, and a sum like 0.1 + 0.2, which is 0.30000000000000004, is refused.
 * - A string, for callers that keep money as decimals: digits, and a point with one or two more (`"99.50"`). Nothing else:
 *   no sign, space, exponent, separator, leading zero, third decimal or digit of another script.
 */
export const moneySchema: z.ZodType<number, number | string> = wireShape(
  z.custom<number | string>(isNumberOrText, rule('NOT_AN_AMOUNT')).transform((amount, context) => {
    const cents = parseMoney(amount);
    if (cents !== undefined) return cents;
    context.addIssue(ruleIssue('AMOUNT_OUT_OF_RANGE', { max: maxMoney }));
    return z.NEVER;
  }),
  {
    // Not `multipleOf: 0.01`: most validators divide doubles, and would refuse 0.29.
    anyOf: [
      { type: 'number', minimum: 0.01, maximum: Number(maxMoney) },
      { type: 'string', pattern: '^(?:[1-9][0-9]{0,11}(?:\\.[0-9]{1,2})?|0\\.(?:0[1-9]|[1-9][0-9]?))$' },
    ],
    description: {
      en: 'An amount of money with at most two decimals: a number, or a string of digits with a point.',
      'zh-CN': '金额，最多两位小数：数字，或由数字和小数点组成的字符串。',
    },
  },
);

/** An amount in an answer: at most two decimals. */
export const shownMoneySchema: z.ZodType<number, number> = wireShape(z.number(), {
  minimum: 0.01,
  maximum: Number(maxMoney),
  description: { en: 'An amount of money with at most two decimals.', 'zh-CN': '金额，最多两位小数。' },
});

function isNumberOrText(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string';
}
