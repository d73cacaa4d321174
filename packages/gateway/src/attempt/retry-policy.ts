import type { Outcome, TimeoutPhase } from './outcome.ts';

/** What the retry policy needs to know of an exchange, beside how its last attempt ended. */
export interface AttemptContext {
  readonly method: string;
  /** Attempts made so far, the last one included. */
  readonly attempts: number;
  readonly maxAttempts: number;
  /** Whether any byte of an answer has been handed to the client (1xx answers do not count). */
  readonly answerStarted: boolean;
  /** Whether the whole request body can be sent once more: there is none, none of it was sent, or all of it is kept. */
  readonly bodyReplayable: boolean;
  /** Whether the request has an idempotency key, and its service promises to do what has the same key only once. */
  readonly hasKey: boolean;
  /** Whether the request brings a login that is bound to its connection: on another it means nothing, or something else. */
  readonly bringsLogin: boolean;
}

/**
 * - `other`: try another instance; if there is none, give up.
 * - `fresh`: the connection was a kept one that died before any answer. Try another instance; if there is none, the same
 *   one on a new connection.
 * - `stop`: tell the client.
 */
export type RetryDecision = 'other' | 'fresh' | 'stop';

/**
 * Whether a failed attempt may be repeated. Only when no byte can have been processed, or when doing it twice is the
 * same as once (RFC 9110, 9.2.2), and never once the client has seen part of an answer.
 */
export function decideRetry(outcome: Outcome, context: AttemptContext): RetryDecision {
  if (context.answerStarted || context.attempts >= context.maxAttempts || !context.bodyReplayable) return 'stop';
  if (context.bringsLogin && !isUnconnected(outcome)) return 'stop';
  switch (outcome.kind) {
    case 'response':
    case 'cancelled':
      return 'stop';
    case 'limited':
      // An upstream that is full of tunnels says so at once. For anything else the request has waited, or waits in vain.
      return outcome.limit === 'longLivedPerUpstream' ? 'other' : 'stop';
    case 'refused':
    // Another instance may have an idle connection, or another address that ports are left for.
    case 'exhausted':
      return 'other';
    case 'reset':
      if (outcome.bytesSent > 0 && !isIdempotent(context)) return 'stop';
      return outcome.reused && !outcome.responseStarted ? 'fresh' : 'other';
    case 'timeout':
      return afterTimeout(outcome.phase, context);
    case 'invalid':
      // The same request would most likely be answered the same way.
      return 'stop';
    default:
      return outcome satisfies never;
  }
}

function afterTimeout(phase: TimeoutPhase, context: AttemptContext): RetryDecision {
  switch (phase) {
    case 'connect':
      // Nothing was sent.
      return 'other';
    case 'set-aside':
      return isIdempotent(context) ? 'other' : 'stop';
    case 'first-byte':
      // Once: what is too slow at two instances is slow everywhere, and must not be asked of a third.
      return isIdempotent(context) && context.attempts === 1 ? 'other' : 'stop';
    case 'progress':
    case 'total':
      // The time that the client is ready to wait is used up.
      return 'stop';
    default:
      return phase satisfies never;
  }
}

/** Whether there never was a connection. */
function isUnconnected(outcome: Outcome): boolean {
  return (
    outcome.kind === 'refused' ||
    outcome.kind === 'exhausted' ||
    (outcome.kind === 'timeout' && outcome.phase === 'connect')
  );
}

/** Whether sending the request twice has the effect of sending it once (RFC 9110, 9.2.2, or by its key). */
function isIdempotent({ method, hasKey }: AttemptContext): boolean {
  if (hasKey) return true;
  switch (method) {
    case 'GET':
    case 'HEAD':
    case 'OPTIONS':
    case 'PUT':
    case 'DELETE':
    case 'TRACE':
      return true;
    default:
      return false;
  }
}
