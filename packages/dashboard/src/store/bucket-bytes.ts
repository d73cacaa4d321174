/** The counts of buckets as bytes: seven bits each, the lowest first, the highest bit set where more follow. Most counts take one or two. */
export function bucketBytes(counts: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (const count of counts) {
    let rest = Math.max(0, Math.trunc(count));
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

/** What {@link bucketBytes} was made of. */
export function readBuckets(bytes: Uint8Array): number[] {
  const counts: number[] = [];
  let value = 0;
  let factor = 1;
  for (const byte of bytes) {
    value += (byte & 127) * factor;
    factor *= 128;
    if (byte >= 128) continue;
    counts.push(value);
    value = 0;
    factor = 1;
  }
  return counts;
}
