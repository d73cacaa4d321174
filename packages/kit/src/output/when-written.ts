import type { ProcessHost } from '../host/process-host.ts';
import type { OutputStream } from './bounded-output.ts';

/** Long enough for a slow reader; a stuck one must not hold up an exit. */
const limitMs = 500;
const pollMs = 10;

/**
 * Calls `run` once all output is taken, after half a second at the latest: output that still waits is lost when a process
 * exits. Calls it synchronously if nothing waits.
 */
export function whenWritten(streams: readonly OutputStream[], run: () => void): void {
  const waits = (): boolean => streams.some(({ writableLength }) => (writableLength ?? 0) > 0);
  if (!waits()) {
    run();
    return;
  }
  // In real time, even if the rest of the program uses another clock: this waits for the system.
  let leftMs = limitMs;
  const timer = setInterval(() => {
    leftMs -= pollMs;
    if (waits() && leftMs > 0) return;
    clearInterval(timer);
    run();
  }, pollMs);
}

/** Exits as soon as all output is written; see {@link whenWritten}. */
export function exitWhenWritten(host: Pick<ProcessHost, 'stdout' | 'stderr' | 'exit'>, code: number): void {
  whenWritten([host.stdout, host.stderr], () => host.exit(code));
}
