import type { Clock } from '../clock.ts';
import { startDeadline } from './deadline.ts';

/** How a step ended. */
export type StepResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'timeout'; readonly limitMs: number };

/**
 * Runs `step` for at most `limitMs`. Then its signal is aborted, and its result is ignored, whether it obeys the signal
 * or not. Never rejects.
 */
export async function bounded(
  clock: Clock,
  limitMs: number,
  step: (signal: AbortSignal) => unknown,
): Promise<StepResult> {
  const deadline = startDeadline({ clock, afterMs: limitMs });
  const run = async (): Promise<StepResult> => {
    try {
      await step(deadline.signal);
      return { kind: 'done' };
    } catch (error) {
      return { kind: 'failed', error };
    }
  };
  const timeout = new Promise<StepResult>((resolve) => {
    deadline.signal.addEventListener('abort', () => resolve({ kind: 'timeout', limitMs }));
  });
  try {
    return await Promise.race([timeout, run()]);
  } finally {
    deadline.cancel();
  }
}
