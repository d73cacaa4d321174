import type { Clock } from '@flotilla/contracts';
import type { WorkerProcess } from './worker-process.ts';
import { WorkerRounds } from './worker-rounds.ts';

/** What takes longer has no place in what is shown as the present. */
const answerLimitMs = 1_000;

/** How all workers are at this moment, as each says of itself. One that does not answer in time is left out. */
export class StateCollection {
  readonly #rounds: WorkerRounds;
  readonly #states = new Map<number, unknown[]>();

  constructor(clock: Clock) {
    this.#rounds = new WorkerRounds(clock, answerLimitMs);
  }

  /** Asks `workers`, waits for a limited time, and answers whoever has asked. */
  async answer(asker: WorkerProcess, id: number, workers: Iterable<WorkerProcess>): Promise<void> {
    const round = await this.#rounds.ask(workers, (worker, number) => {
      if (!this.#states.has(number)) this.#states.set(number, []);
      worker.send({ type: 'state-wanted', id: number });
    });
    const states = this.#states.get(round) ?? [];
    this.#states.delete(round);
    asker.send({ type: 'gathered', id, states });
  }

  /** A worker has said how it is; `null`: it has nothing to say. */
  take(worker: number, round: number, state: unknown): void {
    if (state !== null && state !== undefined) this.#states.get(round)?.push(state);
    this.#rounds.answered(round, worker);
  }

  /** A worker ended. */
  forget(worker: number): void {
    this.#rounds.forget(worker);
  }
}
