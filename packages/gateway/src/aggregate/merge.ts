import type { AppError } from '@flotilla/contracts';
import type { AggregatePlan } from '../routes/aggregate-plan.ts';
import type { PartResult } from './part-result.ts';

export type Merged =
  | { readonly kind: 'json'; readonly body: Buffer; readonly missing: readonly string[] }
  | { readonly kind: 'failed'; readonly error: AppError };

/**
 * One JSON object of all parts, in the plan's order, their bytes as they came. A failed required part fails the whole; of
 * several the first in that order decides, and an answer about the request (4xx) goes before one about the fleet (5xx),
 * so that the same request gets the same answer whichever part was slower. A failed optional part is `null` and named in
 * `missing`.
 */
export function mergeParts(plan: AggregatePlan, results: readonly PartResult[]): Merged {
  const pieces: Buffer[] = [];
  const missing: string[] = [];
  let failure: AppError | undefined;
  for (const [at, part] of plan.parts.entries()) {
    const result = results[at];
    if (result?.kind === 'json') {
      pieces.push(Buffer.from(`${pieces.length === 0 ? '{' : ','}${JSON.stringify(part.name)}:`), result.bytes);
    } else if (!part.required || result === undefined) {
      pieces.push(Buffer.from(`${pieces.length === 0 ? '{' : ','}${JSON.stringify(part.name)}:null`));
      missing.push(part.name);
    } else if (failure === undefined || rank(result.error) < rank(failure)) {
      failure = result.error;
    }
  }
  if (failure !== undefined) return { kind: 'failed', error: failure };
  pieces.push(Buffer.from(missing.length > 0 ? `,"missing":${JSON.stringify(missing)}}` : '}'));
  return { kind: 'json', body: Buffer.concat(pieces), missing };
}

/** What decides first: about the request, then about the fleet, then that we stopped asking. */
function rank(error: AppError): number {
  if (error.code === 'CLIENT_CLOSED_REQUEST') return 2;
  return error.status >= 500 ? 1 : 0;
}
