import { AppError, isAppError, type Logger } from '@flotilla/contracts';
import { checkoutErrors } from './checkout-errors.ts';

/** Undoes a step, whether or not it was done. Must be safe to repeat. */
export type Undo = () => Promise<void>;

/** The steps of a saga, each done by another service. */
export interface Saga {
  /**
   * Does a step, and remembers how to undo it. `run` must be safe to repeat, and rejects with an error that is not `retryable`
   * if the step was refused, and so is not done.
   */
  step<T>(name: string, run: () => Promise<T>, undo?: Undo): Promise<T>;
  /** Remembers how to undo a step that is done already, or may be. */
  done(name: string, undo: Undo): void;
}

/**
 * Runs the steps of `work`. If one is refused, or nobody knows what became of it, it and those before it are undone, in reverse.
 *
 * This is no durable-execution engine. Nothing is written down: if the process dies in the middle, nobody goes on, and nobody
 * undoes what is done, until the caller sends the same again. What is reserved expires by itself; an order that was placed stays.
 *
 * @throws {AppError} what a service has refused a step with, once all is undone; CHECKOUT_UNDONE if a step got no answer;
 *   CHECKOUT_UNFINISHED if undoing got none either
 */
export async function runSaga<T>(logger: Pick<Logger, 'warn' | 'error'>, work: (saga: Saga) => Promise<T>): Promise<T> {
  const undos: { readonly name: string; readonly undo: Undo }[] = [];
  const done: Saga['done'] = (name, undo) => void undos.push({ name, undo });
  try {
    return await work({
      done,
      async step(name, run, undo) {
        try {
          const result = await run();
          if (undo !== undefined) done(name, undo);
          return result;
        } catch (error) {
          // A step that was refused has done nothing. One without an answer may have been done.
          if (undo !== undefined && !isRefusal(error)) done(name, undo);
          logger.warn({ step: name, err: error }, 'step failed; undoing');
          throw error;
        }
      },
    });
  } catch (error) {
    for (const { name, undo } of undos.toReversed()) {
      try {
        await undo();
      } catch (cause) {
        // What came before it is still needed to finish.
        logger.error({ step: name, err: cause }, 'step not undone');
        throw unfinished(name, cause);
      }
    }
    throw isRefusal(error) ? error : new AppError(checkoutErrors.CHECKOUT_UNDONE, { cause: error });
  }
}

/** Whether a service has said no: then it has done nothing. */
export function isRefusal(error: unknown): error is AppError {
  return isAppError(error) && !error.retryable && error.status < 500;
}

/** Nobody knows what became of a step. */
export function unfinished(step: string, cause: unknown): AppError {
  const detail = `Nobody knows what became of the step "${step}".`;
  return new AppError(checkoutErrors.CHECKOUT_UNFINISHED, { detail, retryAfterMs: 5_000, cause });
}
