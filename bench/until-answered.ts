import { setTimeout as sleep } from 'node:timers/promises';
import type { Started } from './gateway/run/processes.ts';

/** A server that takes longer does not start at all. */
const startLimitMs = 30_000;

/** Sends a request again and again until the answer is right. Throws if it never is, or the server has ended. */
export async function untilAnswered(
  url: string,
  started: Started,
  isRight: (response: Response, body: string) => boolean,
  request: RequestInit = {},
): Promise<void> {
  const lastTryMs = performance.now() + startLimitMs;
  let problem = 'no answer';
  while (performance.now() < lastTryMs && started.running) {
    try {
      const response = await fetch(url, request);
      const body = await response.text();
      if (isRight(response, body)) return;
      problem = `${response.status} ${body.slice(0, 200)}`;
    } catch (error) {
      problem = String(error);
    }
    await sleep(50);
  }
  throw new Error(`${url} does not answer as it should: ${problem} ${started.output().slice(0, 500)}`);
}
