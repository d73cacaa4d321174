import { headerValue } from './header-list.ts';
import type { RequestHead } from './request-head.ts';

const number = /^\d{1,9}$/;

/**
 * How often an OPTIONS request may still be passed on (RFC 9110, 7.6.2): 0 = not at all, so that whoever has it answers.
 * Undefined when nothing is said, or of other methods, for which the field may be ignored.
 */
export function maxForwards(head: RequestHead): number | undefined {
  if (head.method !== 'OPTIONS') return undefined;
  const value = headerValue(head.headers, 'max-forwards');
  return value === undefined || !number.test(value) ? undefined : Number(value);
}
