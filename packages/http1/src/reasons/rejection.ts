import { REASONS, type Reason } from './reasons.ts';

/** Why a message was refused. After a rejection the connection must be closed: nothing that follows has a sure meaning. */
export interface Rejection {
  readonly reason: Reason;
  /** What to answer: a 4xx or 5xx of the table for a client's request, always 502 for an upstream's response. */
  readonly status: number;
  /** One plain sentence for the log and the answer. It never contains bytes of the message. */
  readonly detail: string;
}

function build(status: (own: number) => number): Readonly<Record<Reason, Rejection>> {
  const entries = Object.entries(REASONS).map(([reason, row]) => [
    reason,
    Object.freeze({ reason, status: status(row.status), detail: row.detail }),
  ]);
  // Object.fromEntries widens the key to string; the keys are those of REASONS.
  return Object.freeze(Object.fromEntries(entries) as Record<Reason, Rejection>);
}

/** One shared object per reason, so that refusing costs no allocation. */
export const REQUEST_REJECTIONS: Readonly<Record<Reason, Rejection>> = build((own) => own);
/** The same reasons met in an upstream's response: always 502. */
export const RESPONSE_REJECTIONS: Readonly<Record<Reason, Rejection>> = build(() => 502);
