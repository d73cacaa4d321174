import { AppError, isCoreErrorCode, kindOf } from '@flotilla/contracts';
import { DatabaseSetupError } from '@flotilla/kit/database/sqlite';
import type { SentError } from './thread-calls.ts';

/** The error as it was thrown on the other thread, as far as callers tell errors apart. */
export function fromSent({ message, isSetup, code, detail, retryAfterMs }: SentError): Error {
  const cause = new Error(message);
  if (isSetup) return new DatabaseSetupError(message);
  if (code === undefined || !isCoreErrorCode(code)) return cause;
  return new AppError(kindOf(code), {
    cause,
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
