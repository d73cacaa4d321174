import { AppError, isAppError, isCoreErrorCode, kindOf } from '@flotilla/contracts';
import { DatabaseSetupError } from '@flotilla/kit/database/sqlite';

/** What is asked of a thread. */
export interface ThreadCall {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What it answers. */
export type ThreadReply =
  | { readonly id: number; readonly kind: 'done'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly error: SentError };

/** An error on its way between threads, which copy data only. */
interface SentError {
  readonly message: string;
  readonly isSetup: boolean;
  readonly code?: string;
  readonly detail?: string;
  readonly retryAfterMs?: number;
}

/** Carries out a call; an error becomes a part of the reply. */
export function reply(
  { id, name, args }: ThreadCall,
  run: (name: string, args: readonly unknown[]) => unknown,
): ThreadReply {
  try {
    return { id, kind: 'done', value: run(name, args) };
  } catch (error) {
    return { id, kind: 'failed', error: toSent(error) };
  }
}

function toSent(error: unknown): SentError {
  const message = error instanceof Error ? error.message : String(error);
  const isSetup = error instanceof DatabaseSetupError;
  if (!isAppError(error)) return { message, isSetup };
  const { code, detail, retryAfterMs } = error;
  return {
    message: error.cause instanceof Error ? error.cause.message : message,
    isSetup,
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

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
