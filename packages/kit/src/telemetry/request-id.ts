import { randomUUID } from 'node:crypto';
import { requestIdPattern } from '@flotilla/contracts';

/** A new request id: a random UUID. */
export function newRequestId(): string {
  return randomUUID();
}

/** The caller's request id if it is safe in headers and logs as it is, else undefined. */
export function acceptRequestId(header: string | undefined): string | undefined {
  return header !== undefined && requestIdPattern.test(header) ? header : undefined;
}
