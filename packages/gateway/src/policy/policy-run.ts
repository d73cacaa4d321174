import { AppError, isAppError } from '@flotilla/contracts';
import { type Decided, goOn, type PolicyRequest, type PolicyStep, type Verdict } from '../engine/policy-step.ts';

/** One request on its way through a chain: each step is asked once, until one answers. */
export class PolicyRun {
  readonly #steps: readonly PolicyStep[];
  readonly #request: PolicyRequest;
  #at = 0;

  constructor(steps: readonly PolicyStep[], request: PolicyRequest) {
    this.#steps = steps;
    this.#request = request;
  }

  /** The step that was asked last. */
  get asked(): string {
    return this.#steps[this.#at - 1]?.name ?? '';
  }

  /** Asks on, until a step answers or has to wait; `go-on`: all have been asked. Never throws. */
  next(): Verdict {
    while (this.#at < this.#steps.length) {
      const step = this.#steps[this.#at];
      this.#at += 1;
      if (step?.request === undefined) continue;
      try {
        const verdict = step.request(this.#request);
        if (verdict.kind !== 'go-on') return verdict;
      } catch (error) {
        return refusal(error);
      }
    }
    return goOn;
  }
}

/** Begins what a step waits for. The promise never rejects. */
export async function settle(wait: Extract<Verdict, { kind: 'wait' }>, signal: AbortSignal): Promise<Decided> {
  try {
    return await wait.begin(signal);
  } catch (error) {
    return refusal(error);
  }
}

/** What a step has thrown, as an answer: what is not meant for clients is not told to them. */
export function refusal(error: unknown): Extract<Decided, { kind: 'refuse' }> {
  return { kind: 'refuse', error: isAppError(error) ? error : new AppError('INTERNAL', { cause: error }) };
}
