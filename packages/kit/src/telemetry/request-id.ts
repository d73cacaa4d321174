import { randomUUID } from 'node:crypto';
import { requestIdPattern } from '@flotilla/contracts';

/** A new request id: a random UUID. */
export function newRequestId(random: () => string = randomUUID): string {
  return random();
}

/** The caller's request id if it is one that may stand in headers and logs as it is, else a new one. */
export function acceptRequestId(header: string | undefined, random: () => string = randomUUID): string {
  return header !== undefined && requestIdPattern.test(header) ? header : newRequestId(random);
}
