/**
 * An expected failure: a deadline that passes, a caller that disconnects, a file with wrong content. Its message is enough for
 * whoever reads it, so the logger leaves its stack out.
 */
export class ForeseenError extends Error {
  get foreseen(): boolean {
    return true;
  }
}

/** Whether an error is marked as foreseen, also one from another copy of this package. */
export function isForeseen(error: Error): boolean {
  return 'foreseen' in error && error.foreseen === true;
}
