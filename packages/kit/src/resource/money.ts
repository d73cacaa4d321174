import { rule, ruleIssue } from '@flotilla/contracts';
import { z } from 'zod';

/** The most that a price or a sum can be. With two decimals it has 14 digits, so a JSON number still holds it exactly (15 are safe). */
export const maxMoney = '999999999999.99';

const decimal = /^(0|[1-9][0-9]{0,11})(?:\.([0-9]{1,2}))?$/;

/**
 * The minor units (cents) that an amount stands for; undefined if it stands for none: not a decimal number, more than
 * two decimals, nothing or less, or more than {@link maxMoney}.
 *
 * A number is read through its shortest decimal text, which for up to 15 digits is the text it was written as. So
 * nothing is ever multiplied or rounded: 0.29 is 29 cents and not 28.999999999999996.
 */
export function parseMoney(amount: number | string): number | undefined {
  const [, whole, fraction = ''] = decimal.exec(String(amount)) ?? [];
  if (whole === undefined) return undefined;
  const cents = Number(whole + fraction.padEnd(2, '0'));
  return cents > 0 ? cents : undefined;
}

/**
 * The JSON number that shows `cents`: 10000 is 100, 9950 is 99.5. Dividing whole numbers of this size gives the double
 * closest to the decimal, and JSON writes that double as exactly the decimal.
 */
export function showMoney(cents: number): number {
  return cents / 100;
}

/**
 * An amount in a request; gives the cents.
 * - A JSON number, however it is spelled: `100`, `100.10`, `1e2`. JSON.parse has made a double of it, so digits beyond
 *   the 17th are gone before anybody sees them, and a sum like 0.1 + 0.2, which is 0.30000000000000004, is refused.
 * - A string, for callers who keep money as decimals: digits, and a point with one or two more (`"99.50"`). Nothing else
 *   is one: no sign, space, exponent, separator, leading zero, third decimal or digit of another script.
 */
export const moneySchema: z.ZodType<number> = z
  .custom<number | string>(isNumberOrText, rule('NOT_AN_AMOUNT'))
  .transform((amount, context) => {
    const cents = parseMoney(amount);
    if (cents !== undefined) return cents;
    context.addIssue(ruleIssue('AMOUNT_OUT_OF_RANGE', { max: maxMoney }));
    return z.NEVER;
  });

function isNumberOrText(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string';
}
