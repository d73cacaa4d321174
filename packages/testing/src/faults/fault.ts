/** What is wrong with the way to a service. Made by {@link slow}, {@link cut} and {@link failing}. */
export type Fault = RequestFault | { readonly kind: 'refused' };

/** A fault that each request meets on its own. */
export type RequestFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'slow'; readonly delayMs: number; readonly bytesPerSecond: number | undefined }
  | { readonly kind: 'cut'; readonly at: CutPoint }
  | { readonly kind: 'status'; readonly answer: FailedAnswer }
  | { readonly kind: 'hanging' };

/**
 * Where a connection ends. `request`: the service never sees the request. `answer`: the service has done its work, and
 * its whole answer is lost. A number: after so many bytes of the answer's body.
 */
export type CutPoint = 'request' | 'answer' | number;

/** The answer of a service that fails. */
export interface FailedAnswer {
  readonly status: number;
  /** Default none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A text, or anything that becomes JSON. Default a problem document with the status. */
  readonly body?: unknown;
}

/** Nothing is wrong. */
export const none: RequestFault = { kind: 'none' };

/**
 * A service that answers late. It has done its work by then: a caller that gives up does not undo it.
 *
 * `delayMs`: how long the answer is kept back, in milliseconds, default 0. `bytesPerSecond`: how fast its body comes,
 * default as fast as the service sends it.
 */
export function slow(how: { readonly delayMs?: number; readonly bytesPerSecond?: number }): RequestFault {
  const { delayMs = 0, bytesPerSecond } = how;
  if (!(delayMs >= 0)) throw new RangeError(`delayMs must be 0 or more, not ${delayMs}`);
  if (bytesPerSecond !== undefined && !(bytesPerSecond > 0))
    throw new RangeError(
      `bytesPerSecond must be more than 0, not ${bytesPerSecond}; for no bytes at all use failing('hanging')`,
    );
  return { kind: 'slow', delayMs, bytesPerSecond };
}

/** A connection that ends too early: see {@link CutPoint}. An answer shorter than the number of bytes arrives whole. */
export function cut(at: CutPoint): RequestFault {
  if (typeof at === 'number' && !(Number.isInteger(at) && at >= 0))
    throw new RangeError(`The number of bytes must be a whole number from 0 up, not ${at}`);
  return { kind: 'cut', at };
}

/**
 * A service that fails. A status: answered in place of the service, which never sees the request. `refused`: nobody
 * listens, as when the program is not running. `hanging`: connections are taken and requests never answered.
 */
export function failing(how: 'refused'): Fault;
export function failing(how: 'hanging' | number | FailedAnswer): RequestFault;
export function failing(how: 'refused' | 'hanging' | number | FailedAnswer): Fault {
  if (how === 'refused' || how === 'hanging') return { kind: how };
  const answer = typeof how === 'number' ? { status: how } : how;
  if (!Number.isInteger(answer.status) || answer.status < 200 || answer.status > 599)
    throw new RangeError(`The status must be a whole number from 200 to 599, not ${answer.status}`);
  return { kind: 'status', answer };
}
