import { isAppError } from '@flotilla/contracts/app-error';

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
export interface SentError {
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
  // By its name: the class would bring all of the database along.
  const isSetup = error instanceof Error && error.name === 'DatabaseSetupError';
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
