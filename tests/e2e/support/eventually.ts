import { setTimeout as sleep } from 'node:timers/promises';

const betweenMs = 25;
const giveUpAfterMs = 30_000;

/** Asks again and again, one question at a time, until the answer is yes; rejects with `what` after 30 s. */
export async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + giveUpAfterMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`Waited ${giveUpAfterMs} ms, but this did not happen: ${what}`);
    await sleep(betweenMs);
  }
}
