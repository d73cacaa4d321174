import type { Clock } from '@flotilla/contracts';
import { isDebugged, watchLiveness } from '../liveness/index.ts';
import type { WorkerProcess } from './worker-process.ts';

export interface WorkerWatchesOptions {
  readonly clock: Clock;
  /** What workers are started with: tells whether somebody debugs them. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** It has answered nothing for so long. */
  readonly onHung: (worker: WorkerProcess, silentMs: number) => void;
}

interface Watch {
  stop(): void;
  /** Takes the answer to the question that is open, if one is. */
  pong: (() => void) | undefined;
}

/**
 * Asks each worker over its channel whether it lives. All workers share a port, so nobody outside can ask a single one:
 * one that is frozen would go on taking connections that it never answers.
 */
export class WorkerWatches {
  readonly #options: WorkerWatchesOptions;
  readonly #watches = new Map<WorkerProcess, Watch>();

  constructor(options: WorkerWatchesOptions) {
    this.#options = options;
  }

  /** @param limitMs how long it may answer nothing; 0 = for ever */
  begin(worker: WorkerProcess, limitMs: number): void {
    if (limitMs === 0 || this.#watches.has(worker)) return;
    const { clock, env, onHung } = this.#options;
    const { stop } = watchLiveness({
      clock,
      limitMs,
      answers: (timeoutMs) => this.#ask(worker, timeoutMs),
      isDebugged: () => isDebugged(worker.pid, env),
      onHung: (silentMs) => onHung(worker, silentMs),
    });
    this.#watches.set(worker, { stop, pong: undefined });
  }

  /** The worker has answered. */
  answered(worker: WorkerProcess): void {
    this.#watches.get(worker)?.pong?.();
  }

  /** The worker has ended. */
  end(worker: WorkerProcess): void {
    this.#watches.get(worker)?.stop();
    this.#watches.delete(worker);
  }

  #ask(worker: WorkerProcess, timeoutMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const watch = this.#watches.get(worker);
    const limit = this.#options.clock.after(timeoutMs, () => resolve(false));
    if (watch !== undefined) {
      watch.pong = () => {
        limit.cancel();
        resolve(true);
      };
    }
    worker.send({ type: 'ping' });
    return promise;
  }
}
