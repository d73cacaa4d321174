import type { Clock } from '@flotilla/contracts';
import { countedOnly, type MetricsSnapshot, mergeSnapshots } from '../telemetry/metrics-snapshot.ts';
import type { WorkerProcess } from './worker-process.ts';
import { WorkerRounds } from './worker-rounds.ts';

/** A worker that takes longer is shown with its last known metrics. */
const answerLimitMs = 1_000;

/**
 * The metrics of all workers in one. What a worker has once counted never disappears: when it ends, however it ends, its
 * last known counts are kept. So a counter never decreases, which would look like a restart.
 */
export class MetricsCollection {
  readonly #rounds: WorkerRounds;
  readonly #latest = new Map<number, MetricsSnapshot>();
  #ended: MetricsSnapshot = [];

  constructor(clock: Clock) {
    this.#rounds = new WorkerRounds(clock, answerLimitMs);
  }

  /**
   * Asks `workers`, waits for a limited time, merges, and answers whoever has asked.
   *
   * @param own what the primary adds
   */
  async answer(
    asker: WorkerProcess,
    id: number,
    workers: Iterable<WorkerProcess>,
    own: MetricsSnapshot,
  ): Promise<void> {
    await this.#rounds.ask(workers, (worker, round) => worker.send({ type: 'snapshot-wanted', id: round }));
    const metrics = mergeSnapshots([...this.#latest.values(), this.#ended, own]);
    asker.send({ type: 'collected', id, metrics });
  }

  /** A worker answered, or sends its last metrics (`id` undefined). */
  take(worker: number, id: number | undefined, metrics: MetricsSnapshot): void {
    this.#latest.set(worker, metrics);
    if (id !== undefined) this.#rounds.answered(id, worker);
  }

  /** A worker ended. */
  forget(worker: number): void {
    const last = this.#latest.get(worker);
    this.#latest.delete(worker);
    if (last !== undefined) this.#ended = mergeSnapshots([this.#ended, countedOnly(last)]);
    this.#rounds.forget(worker);
  }
}
