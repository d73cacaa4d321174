import type { Clock } from '@flotilla/contracts';
import { isDebugged, watchLiveness } from '../liveness/index.ts';
import type { WorkerProcess } from './worker-process.ts';

export interface WorkerWatchesOptions {
  readonly clock: Clock;
  /** Node's options of the workers: they tell whether somebody debugs them. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called when a worker has been unresponsive for too long. */
  readonly onHung: (worker: WorkerProcess, silentMs: number) => void;
}

interface Watch {
  stop(): void;
  /** Resolves the open question, if there is one. */
  pong: (() => void) | undefined;
}

/**
 * Asks each worker over its channel whether it is live. All workers share a port, so nobody outside can ask a single one:
 * a frozen one would keep accepting connections that it never answers.
 */
export class WorkerWatches {
  readonly #options: WorkerWatchesOptions;
  readonly #watches = new Map<WorkerProcess, Watch>();

  constructor(options: WorkerWatchesOptions) {
    this.#options = options;
  }

  /** @param limitMs how long a worker may be unresponsive; 0: forever */
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

  /** The worker answered. */
  answered(worker: WorkerProcess): void {
    this.#watches.get(worker)?.pong?.();
  }

  /** The worker ended. */
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
