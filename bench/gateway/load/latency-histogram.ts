/** Steps into which each doubling is divided: a value is told up to 1/64 too large, never too small. */
const stepsPerDoubling = 64;
const stepBits = 6;

/** Counts durations in microseconds, up to half an hour, in steps that grow with the value, so that it stays small. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array((32 - stepBits) * stepsPerDoubling);
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** Negative and fractional values are taken as the whole number below, at least 0. */
  record(durationUs: number): void {
    const value = Math.min(Math.max(Math.floor(durationUs), 0), 2 ** 31 - 1);
    const index = indexOf(value);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#total += 1;
  }

  /** The duration that `share` (0 to 1) of all stayed within, in microseconds; 0 when there was none. */
  percentile(share: number): number {
    const wanted = Math.max(Math.ceil(share * this.#total), 1);
    let seen = 0;
    for (const [index, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= wanted) return upperEndOf(index);
    }
    return 0;
  }
}

function indexOf(value: number): number {
  const shift = Math.max(31 - Math.clz32(value) - stepBits, 0);
  return shift * stepsPerDoubling + (value >> shift);
}

/** The largest value that is counted under this index. */
function upperEndOf(index: number): number {
  if (index < 2 * stepsPerDoubling) return index;
  const shift = Math.floor(index / stepsPerDoubling) - 1;
  const step = index - shift * stepsPerDoubling;
  return (step + 1) * 2 ** shift - 1;
}
