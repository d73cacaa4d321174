import { isMainThread, Worker, workerData } from 'node:worker_threads';

/**
 * Wakes the main thread every so many microseconds, which the event loop's own timers, with their whole milliseconds,
 * can't. A thread that sleeps does it, because a loop that looks at the clock would take the core from the upstream
 * that runs on it too.
 */
export function everyTick(intervalUs: number, onTick: () => void): { stop(): Promise<void> } {
  const counter = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL(import.meta.url), { workerData: { counter, intervalUs } });
  let stopped = false;
  const waitForNext = (seen: number): void => {
    const { async, value } = Atomics.waitAsync(counter, 0, seen);
    const next = (): void => {
      if (stopped) return;
      onTick();
      waitForNext(Atomics.load(counter, 0));
    };
    if (async) void value.then(next);
    else setImmediate(next);
  };
  waitForNext(0);
  return {
    async stop() {
      stopped = true;
      await worker.terminate();
    },
  };
}

if (!isMainThread) {
  // Given above.
  const { counter, intervalUs } = workerData as { counter: Int32Array<SharedArrayBuffer>; intervalUs: number };
  let dueMs = performance.now();
  for (;;) {
    dueMs += intervalUs / 1000;
    // Nobody ever writes here: only the time ends the wait.
    Atomics.wait(counter, 1, 0, Math.max(dueMs - performance.now(), 0));
    Atomics.add(counter, 0, 1);
    Atomics.notify(counter, 0);
  }
}
