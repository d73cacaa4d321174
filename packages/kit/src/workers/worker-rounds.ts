import type { Clock } from '@flotilla/contracts';
import type { WorkerProcess } from './worker-process.ts';

interface Round {
  readonly awaited: Set<number>;
  done(): void;
}

/** Questions that go to all workers at once. A round is over when all have answered, or after a while. */
export class WorkerRounds {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #running = new Map<number, Round>();
  #lastId = 0;

  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /**
   * Begins a round, and resolves when it is over.
   *
   * @param ask sends the question, with the number of the round
   */
  async ask(asked: Iterable<WorkerProcess>, ask: (worker: WorkerProcess, round: number) => void): Promise<number> {
    const workers = [...asked];
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#running.set(id, { awaited: new Set(workers.map((worker) => worker.number)), done: resolve });
    const limit = this.#clock.after(this.#limitMs, resolve);
    for (const worker of workers) ask(worker, id);
    if (workers.length === 0) resolve();
    await promise;
    limit.cancel();
    this.#running.delete(id);
    return id;
  }

  /** A worker answered. */
  answered(round: number, worker: number): void {
    const running = this.#running.get(round);
    running?.awaited.delete(worker);
    if (running?.awaited.size === 0) running.done();
  }

  /** A worker ended: it will not answer. */
  forget(worker: number): void {
    for (const round of [...this.#running.keys()]) this.answered(round, worker);
  }
}
