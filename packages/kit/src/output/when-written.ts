import type { ProcessHost } from '../host/process-host.ts';
import type { OutputStream } from './bounded-output.ts';

/** Long enough for a reader that is only slow; one that is stuck must not hold up an exit. */
const limitMs = 500;
const pollMs = 10;

/**
 * Calls `run` once everything that was written has been taken, after half a second at the latest: what a process still
 * has to say is lost when it exits. At once, and without a turn in between, if nothing waits.
 */
export function whenWritten(streams: readonly OutputStream[], run: () => void): void {
  const waits = (): boolean => streams.some(({ writableLength }) => (writableLength ?? 0) > 0);
  if (!waits()) {
    run();
    return;
  }
  // By real time, also where the rest of the program has another clock: what is waited for is the system.
  let leftMs = limitMs;
  const timer = setInterval(() => {
    leftMs -= pollMs;
    if (waits() && leftMs > 0) return;
    clearInterval(timer);
    run();
  }, pollMs);
}

/** Ends the process as soon as what it has said is written; see {@link whenWritten}. */
export function exitWhenWritten(host: Pick<ProcessHost, 'stdout' | 'stderr' | 'exit'>, code: number): void {
  whenWritten([host.stdout, host.stderr], () => host.exit(code));
}
