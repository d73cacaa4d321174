import { fieldNameId } from '@flotilla/http1';
import { headerValue } from './header-list.ts';
import type { RequestHead } from './request-head.ts';

const viaField = fieldNameId('via');

/**
 * Whether a request has already passed the gateway of this name: `Via` (RFC 9110, 7.6.3) then names it. Passing it on
 * once more would make it go round until its head is too large.
 *
 * @param name compared without regard to case: a proxy on the way may have changed it
 */
export function hasPassed(head: RequestHead, name: string): boolean {
  const { fieldIds, headers } = head;
  // Nearly every request has none.
  let at = fieldIds.indexOf(viaField);
  const lower = name.toLowerCase();
  for (; at >= 0; at = fieldIds.indexOf(viaField, at + 1)) {
    const value = headers[at * 2 + 1] ?? '';
    for (const element of value.split(',')) {
      // `1.1 name`, `HTTP/2 name:80 (comment)`: the second word.
      if (/^\s*\S+\s+([^\s()]+)/.exec(element)?.[1]?.toLowerCase() === lower) return true;
    }
  }
  return false;
}

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
