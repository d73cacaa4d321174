import type { Clock } from '@flotilla/contracts';
import { type Level, LevelSwitch, type Logger } from '../logger/index.ts';
import type { LogLevelOrder } from './messages.ts';
import type { WorkerProcess } from './worker-process.ts';

/** Passes a change of the log level on to all processes of a program, including those that start before it ends. */
export class LogLevelRelay {
  readonly #clock: Clock;
  #order: (LogLevelOrder & { readonly endMs: number }) | undefined;
  #own: LevelSwitch | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Applies changes to the primary's own log as well. */
  follow(logger: Logger): void {
    this.#own ??= new LevelSwitch(logger, this.#clock);
  }

  /** The configured level of all processes changed. */
  configure(level: Level): void {
    this.#own?.configure(level);
  }

  /** A worker changed its level. */
  pass({ level, forMs }: LogLevelOrder, from: WorkerProcess, workers: Iterable<WorkerProcess>): void {
    this.#order = { level, forMs, endMs: this.#clock.monotonicMs() + forMs };
    this.#own?.change(level, forMs);
    for (const worker of workers) if (worker !== from) worker.send({ type: 'log-level', level, forMs });
  }

  /** Tells a worker that has just started. */
  tell(worker: WorkerProcess): void {
    if (this.#order === undefined) return;
    const forMs = this.#order.endMs - this.#clock.monotonicMs();
    if (forMs > 0) worker.send({ type: 'log-level', level: this.#order.level, forMs });
  }
}
