import type { Outcome } from './outcome.ts';

/** One phrase for how an attempt ended: `refused (ECONNREFUSED)`, `timeout: connect`. */
export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'response':
      return `response ${outcome.status}`;
    case 'refused':
    case 'reset':
    case 'exhausted':
      return `${outcome.kind}${causeOf(outcome.cause)}`;
    case 'timeout':
      return `timeout: ${outcome.phase}`;
    case 'invalid':
      return `invalid: ${outcome.reason}`;
    case 'limited':
      return `limited: ${outcome.limit}`;
    case 'cancelled':
      return 'cancelled';
    default:
      return outcome satisfies never;
  }
}

/** The same as a value of `error.type`: few, and the same in metrics and spans. */
export function errorTypeOf(outcome: Exclude<Outcome, { kind: 'response' }>): string {
  return outcome.kind === 'timeout' ? `timeout_${outcome.phase.replace('-', '_')}` : outcome.kind;
}

function causeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  return ` (${'code' in cause ? String(cause.code) : cause.message})`;
}
