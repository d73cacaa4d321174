import type { Clock } from '@flotilla/contracts';
import { countedOnly, type MetricsSnapshot, mergeSnapshots } from '../telemetry/metrics-snapshot.ts';
import type { WorkerProcess } from './worker-process.ts';

/** A worker that takes longer is shown with its last known metrics. */
const answerLimitMs = 1_000;

interface Collection {
  readonly awaited: Set<number>;
  done(): void;
}

/**
 * The metrics of all workers in one. What a worker has once counted never disappears: when it ends, however it ends, its
 * last known counts are kept. So a counter never decreases, which would look like a restart.
 */
export class MetricsCollection {
  readonly #clock: Clock;
  readonly #latest = new Map<number, MetricsSnapshot>();
  readonly #running = new Map<number, Collection>();
  #ended: MetricsSnapshot = [];
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asks `workers`, waits for a limited time, and merges. `own`: what the primary adds. */
  async collect(workers: readonly WorkerProcess[], own: MetricsSnapshot): Promise<MetricsSnapshot> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<void>();
    const awaited = new Set(workers.map((worker) => worker.number));
    this.#running.set(id, { awaited, done: resolve });
    const limit = this.#clock.after(answerLimitMs, resolve);
    for (const worker of workers) worker.send({ type: 'snapshot-wanted', id });
    await promise;
    limit.cancel();
    this.#running.delete(id);
    return mergeSnapshots([...this.#latest.values(), this.#ended, own]);
  }

  /** A worker answered, or sends its last metrics (`id` undefined). */
  take(worker: number, id: number | undefined, metrics: MetricsSnapshot): void {
    this.#latest.set(worker, metrics);
    if (id !== undefined) this.#settle(id, worker);
  }

  /** A worker ended. */
  forget(worker: number): void {
    const last = this.#latest.get(worker);
    this.#latest.delete(worker);
    if (last !== undefined) this.#ended = mergeSnapshots([this.#ended, countedOnly(last)]);
    for (const id of [...this.#running.keys()]) this.#settle(id, worker);
  }

  #settle(id: number, worker: number): void {
    const collection = this.#running.get(id);
    collection?.awaited.delete(worker);
    if (collection?.awaited.size === 0) collection.done();
  }
}
