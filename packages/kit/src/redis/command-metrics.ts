import type { Clock } from '@flotilla/contracts';
import { dbDurations, type Histogram, type MetricFamily, type Metrics } from '../telemetry/index.ts';
import type { RedisFailure } from './redis-error.ts';

/** Measures the commands of one connection. */
export class CommandMetrics {
  readonly #clock: Clock;
  readonly #database: string;
  readonly #durations: MetricFamily<Histogram>;
  readonly #well = new Map<string, Histogram>();

  constructor(database: number, metrics: Metrics, clock: Clock) {
    this.#database = String(database);
    this.#durations = dbDurations(metrics);
    this.#clock = clock;
  }

  /** A command that was sent at `sentMs` has ended. `failure`: how it failed; undefined: it has not. */
  ran(command: string, sentMs: number, failure?: RedisFailure): void {
    const seconds = (this.#clock.monotonicMs() - sentMs) / 1_000;
    const series = failure === undefined ? this.#well.get(command) : undefined;
    (series ?? this.#series(command, failure)).observe(seconds);
  }

  #series(command: string, failure: RedisFailure | undefined): Histogram {
    const series = this.#durations.labels('redis', this.#database, command, command, failure ?? '');
    // The commands stand in the code of programs: there are few.
    if (failure === undefined) this.#well.set(command, series);
    return series;
  }
}
