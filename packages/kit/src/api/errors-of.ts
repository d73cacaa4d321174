import type { KnownError } from '@flotilla/contracts';
import type { Operation } from './operation.ts';

/** The errors that an operation names, and those that follow from what it takes. */
export function* errorsOf({ body, conditional, idempotent, errors }: Operation): Generator<KnownError> {
  // Even without parameters: those that it does not have are refused.
  yield 'INVALID_REQUEST';
  if (body !== undefined) {
    yield 'INVALID_JSON';
    yield 'PAYLOAD_TOO_LARGE';
    yield 'UNSUPPORTED_MEDIA_TYPE';
  }
  if (conditional) yield 'PRECONDITION_FAILED';
  if (idempotent) {
    yield 'INVALID_IDEMPOTENCY_KEY';
    yield 'IDEMPOTENCY_KEY_REUSED';
    yield 'IDEMPOTENCY_IN_PROGRESS';
  }
  yield* errors;
}
