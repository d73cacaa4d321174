import type { Batch } from '../store/index.ts';

/** What a message says, as far as it can be used. */
export interface Reading {
  readonly batches: readonly Batch[];
  /** How many items cannot be used. */
  readonly rejected: number;
  /** Why, for whoever sent them. */
  readonly reason?: string;
}

/** Senders put names of theirs into it. */
const maxReasonChars = 400;

/** Counts what cannot be used, and keeps the first reason. */
export class Rejections {
  count = 0;
  #reason: string | undefined;

  add(reason: string): undefined {
    this.count += 1;
    this.#reason ??= reason.slice(0, maxReasonChars);
    return undefined;
  }

  reading(batches: readonly Batch[]): Reading {
    return { batches, rejected: this.count, ...(this.#reason === undefined ? {} : { reason: this.#reason }) };
  }
}
