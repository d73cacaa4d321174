import { get } from 'node:http';
import type { Clock } from '@flotilla/contracts';

const pollMs = 20;
const oneRequestMs = 1_000;

/**
 * Waits until every request is answered without a server's error, so that what is shown to be tried works at once:
 * between "all are ready" and "the gateway has heard of all of them" lie a few milliseconds. Resolves with what still
 * fails after `limitMs`.
 */
export async function waitUntilServed(
  urls: readonly string[],
  options: { readonly clock: Clock; readonly limitMs: number; readonly statusOf?: (url: string) => Promise<number> },
): Promise<readonly string[]> {
  const { clock, limitMs, statusOf = requestStatus } = options;
  const endMs = clock.monotonicMs() + limitMs;
  let failing = urls;
  for (;;) {
    await new Promise<void>((resolve) => clock.after(pollMs, resolve));
    const statuses = await Promise.all(failing.map(statusOf));
    failing = failing.filter((_, index) => (statuses[index] ?? 0) >= 500 || statuses[index] === 0);
    if (failing.length === 0 || clock.monotonicMs() >= endMs) return failing;
  }
}

/** The status of a GET; 0 when there was no answer. */
function requestStatus(url: string): Promise<number> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: oneRequestMs }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(0));
  });
}
