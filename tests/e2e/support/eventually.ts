import { setTimeout as sleep } from 'node:timers/promises';

const betweenMs = 25;
/** Longer than anything takes, even on a busy machine: only a test that fails waits so long. */
const giveUpAfterMs = 120_000;

/** Asks again and again, one question at a time, until the answer is yes; rejects with `what` after two minutes. */
export async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + giveUpAfterMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`Waited ${giveUpAfterMs} ms, but this did not happen: ${what}`);
    await sleep(betweenMs);
  }
}
