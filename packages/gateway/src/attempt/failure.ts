import { AppError } from '@flotilla/contracts';
import type { Unavailable } from '../config/proxy-route.ts';
import type { Outcome, RequestLimit } from './outcome.ts';

/** When a client may try again for which this gateway had no room: by then some exchange has ended. */
const ownLimitRetryAfterMs = 1_000;

/** The error for a request that has met a limit of the configuration: it says which, as in the configuration. */
function limitReached(limit: RequestLimit, most: number, service: string): AppError {
  const detail = `The gateway has reached its limit "${limit}" (${most}) for the service "${service}".`;
  return new AppError('OVERLOADED', { retryAfterMs: ownLimitRetryAfterMs, detail });
}

/**
 * The error for the client after the last attempt failed, or when there was no instance to try (`undefined`).
 * 503: nobody there; 502: somebody, but no answer that can be passed on; 504: no answer in time.
 */
export function failureOf(outcome: Outcome | undefined, unavailable: Unavailable): AppError {
  const parameters = { service: unavailable.service };
  if (outcome === undefined) {
    return new AppError(unavailable.kind, { parameters, retryAfterMs: unavailable.retryAfterMs });
  }
  switch (outcome.kind) {
    case 'refused':
      return new AppError(unavailable.kind, {
        parameters,
        retryAfterMs: unavailable.retryAfterMs,
        cause: outcome.cause ?? 'connection refused',
      });
    case 'timeout':
      return new AppError('GATEWAY_TIMEOUT', { parameters, cause: `no progress in phase "${outcome.phase}"` });
    case 'reset':
      return new AppError('BAD_GATEWAY', {
        parameters,
        cause: outcome.cause ?? `connection lost ${outcome.responseStarted ? 'during' : 'before'} the response`,
      });
    case 'invalid':
      return new AppError('BAD_GATEWAY', { parameters, cause: outcome.reason });
    case 'exhausted':
      return new AppError('GATEWAY_EXHAUSTED', { retryAfterMs: ownLimitRetryAfterMs, cause: outcome.cause });
    case 'limited':
      return limitReached(outcome.limit, outcome.most, unavailable.service);
    case 'cancelled':
      return new AppError('CLIENT_CLOSED_REQUEST');
    case 'response':
      throw new TypeError('A response is not a failure');
    default:
      return outcome satisfies never;
  }
}

const statuses: ReadonlySet<number> = new Set([405, 406, 407, 408, 411, 412, 413, 415, 416, 417, 421, 424, 426, 499]);

/**
 * Whether a status is about how the gateway asked in a call of its own. The client has no part in that: to it, the service
 * gave an answer that can't be passed on.
 */
export function isOfOurAsking(status: number): boolean {
  return statuses.has(status);
}
