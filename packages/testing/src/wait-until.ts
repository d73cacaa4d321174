/** How long {@link waitUntil} waits before it gives up: far longer than anything takes, even on a busy machine. */
const giveUpAfterMs = 20_000;

/**
 * Resolves as soon as `condition` is true, looking after every turn of the event loop; rejects with `what` after
 * 20 s. For waiting on real sockets and processes without sleeping: the time limit only decides how a failing test ends.
 */
export async function waitUntil(
  what: string,
  condition: () => boolean,
  limitMs: number = giveUpAfterMs,
): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`Waited ${limitMs} ms, but this did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
