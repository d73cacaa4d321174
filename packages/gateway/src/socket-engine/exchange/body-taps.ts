import type { BodyTap } from '../../engine/policy-step.ts';

/** The taps of one body. Each hears of its end once, however it comes. */
export class BodyTaps {
  #taps: BodyTap[] = [];

  /** @param tap undefined: a step that does not need to see the body */
  add(tap: BodyTap | undefined): void {
    if (tap !== undefined) this.#taps.push(tap);
  }

  bytes(chunk: Buffer, start: number, end: number): void {
    for (const tap of this.#taps) tap.bytes(chunk, start, end);
  }

  /** @param whole whether it was all of the body; counts the first time */
  end(whole: boolean): void {
    const taps = this.#taps;
    this.#taps = [];
    for (const tap of taps) tap.end(whole);
  }
}
