/** Multiples of it, without their whole part, cover 0 to 1 as evenly as any sequence can, wherever it is cut off. */
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/**
 * Gives everything that runs regularly a time within its interval, so that all together are spread evenly: random times
 * would bunch. However many come, and whenever: what matters is only the time on the clock.
 */
export class EvenPhases {
  readonly #start: number;
  #given = 0;

  /** @param start from 0 to below 1: where to begin, so that registries beside each other do not begin alike */
  constructor(start: number) {
    this.#start = start;
  }

  /** The first time after `nowMs` that is the next one's; its later ones are multiples of the interval from there. */
  nextSlot(intervalMs: number, nowMs: number): number {
    const phaseMs = ((this.#start + this.#given * goldenRatio) % 1) * intervalMs;
    this.#given += 1;
    const sinceSlotMs = (nowMs - phaseMs) % intervalMs;
    return nowMs - sinceSlotMs + (sinceSlotMs < 0 ? 0 : intervalMs);
  }
}
