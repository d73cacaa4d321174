import type { Outcome } from '../attempt/outcome.ts';

/**
 * What the end of an attempt says about the instance:
 * - `answered`: it works, whatever the status.
 * - `faulty`: it may not; one such end may also be the request's own fault.
 * - `unreachable`: nobody is there.
 * - `none`: nothing.
 */
export type Evidence = 'answered' | 'faulty' | 'unreachable' | 'none';

/** Reads an outcome as evidence about the instance. */
export function evidenceOf(outcome: Outcome): Evidence {
  switch (outcome.kind) {
    case 'response':
      return 'answered';
    case 'refused':
      return 'unreachable';
    case 'reset':
      // A kept connection that dies before an answer was most likely closed as idle: the next connect tells.
      return outcome.reused && !outcome.responseStarted ? 'none' : 'faulty';
    case 'invalid':
      return 'faulty';
    case 'timeout':
      return evidenceOfTimeout(outcome.phase);
    // Our own side's doing.
    case 'exhausted':
    case 'limited':
    case 'cancelled':
      return 'none';
    default:
      return outcome satisfies never;
  }
}

function evidenceOfTimeout(phase: Extract<Outcome, { kind: 'timeout' }>['phase']): Evidence {
  switch (phase) {
    case 'connect':
      return 'unreachable';
    case 'first-byte':
    case 'progress':
      return 'faulty';
    case 'set-aside':
      // A probe has told already.
      return 'none';
    case 'total':
      // The route's whole deadline can run out on a slow client or a large body.
      return 'none';
    default:
      return phase satisfies never;
  }
}
