import type { Clock } from '@flotilla/contracts';

/** How a step ended. */
export type StepResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'timeout'; readonly limitMs: number };

/**
 * Runs `step` for at most `limitMs`; its signal is aborted then, and nobody waits for it any more. Never rejects: a
 * stop goes on whatever happens to one of its steps.
 */
export async function bounded(
  clock: Clock,
  limitMs: number,
  step: (signal: AbortSignal) => unknown,
): Promise<StepResult> {
  const controller = new AbortController();
  const limit = Promise.withResolvers<StepResult>();
  const timer = clock.after(limitMs, () => {
    controller.abort(new Error(`Not done within ${limitMs} ms`));
    limit.resolve({ kind: 'timeout', limitMs });
  });
  const run = async (): Promise<StepResult> => {
    try {
      await step(controller.signal);
      return { kind: 'done' };
    } catch (error) {
      return { kind: 'failed', error };
    }
  };
  try {
    return await Promise.race([run(), limit.promise]);
  } finally {
    timer.cancel();
  }
}
