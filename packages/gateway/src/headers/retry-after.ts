/** A date as HTTP writes it (RFC 9110, 5.6.7): the one form that senders may use. */
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * How long a `Retry-After` (RFC 9110, 10.2.3) asks to wait, be it in seconds or until a date; undefined when it says
 * neither. A date that has passed is no wait.
 */
export function readRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  return httpDate.test(value) ? Math.max(0, Date.parse(value) - nowMs) : undefined;
}
