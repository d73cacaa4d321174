import { randomBytes } from 'node:crypto';
import { headerNames } from '@flotilla/contracts';

/** The header of a request that leaves no trace: what the dashboard asks by itself would otherwise stand among what it shows. */
export function unsampled(): Readonly<Record<string, string>> {
  return { [headerNames.traceparent]: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00` };
}
