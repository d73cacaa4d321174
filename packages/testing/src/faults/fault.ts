/** A fault on the way to a service. Make one with {@link slow}, {@link cut} or {@link failing}. */
export type Fault = RequestFault | { readonly kind: 'refused' };

/** A fault that can be chosen for each request. */
export type RequestFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'slow'; readonly delayMs: number; readonly bytesPerSecond: number | undefined }
  | { readonly kind: 'cut'; readonly at: CutPoint }
  | { readonly kind: 'status'; readonly answer: FailedAnswer }
  | { readonly kind: 'hanging' };

/**
 * Where the connection is cut. `request`: before the service sees the request. `answer`: after the service has handled it, so that
 * the whole answer is lost. A number: after this many bytes of the answer's body.
 */
export type CutPoint = 'request' | 'answer' | number;

/** The answer of a failing service. */
export interface FailedAnswer {
  readonly status: number;
  /** Default none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Text, or anything that can be JSON. Default: a problem document with the status. */
  readonly body?: unknown;
}

/** No fault. */
export const none: RequestFault = { kind: 'none' };

/**
 * A service that answers late. It handles the request at once, so a caller that gives up undoes nothing.
 *
 * `delayMs`: how long the answer is held back, in milliseconds. Default 0. `bytesPerSecond`: the speed of its body. Default: as fast
 * as the service sends it.
 */
export function slow(how: { readonly delayMs?: number; readonly bytesPerSecond?: number }): RequestFault {
  const { delayMs = 0, bytesPerSecond } = how;
  if (!(delayMs >= 0)) throw new RangeError(`delayMs must be 0 or more, got ${delayMs}`);
  if (bytesPerSecond !== undefined && !(bytesPerSecond > 0))
    throw new RangeError(
      `bytesPerSecond must be more than 0, got ${bytesPerSecond}; to send nothing, use failing('hanging')`,
    );
  return { kind: 'slow', delayMs, bytesPerSecond };
}

/** A connection that is cut: see {@link CutPoint}. An answer with fewer bytes arrives whole. */
export function cut(at: CutPoint): RequestFault {
  if (typeof at === 'number' && !(Number.isInteger(at) && at >= 0))
    throw new RangeError(`The number of bytes must be a whole number of 0 or more, got ${at}`);
  return { kind: 'cut', at };
}

/**
 * A service that fails. A status: sent instead of asking the service. `refused`: connections are refused, as if the program were not
 * running. `hanging`: requests are accepted and never answered.
 */
export function failing(how: 'refused'): Fault;
export function failing(how: 'hanging' | number | FailedAnswer): RequestFault;
export function failing(how: 'refused' | 'hanging' | number | FailedAnswer): Fault {
  if (how === 'refused' || how === 'hanging') return { kind: how };
  const answer = typeof how === 'number' ? { status: how } : how;
  if (!Number.isInteger(answer.status) || answer.status < 200 || answer.status > 599)
    throw new RangeError(`The status must be a whole number from 200 to 599, got ${answer.status}`);
  return { kind: 'status', answer };
}
