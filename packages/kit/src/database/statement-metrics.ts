import type { Clock } from '@flotilla/contracts';
import { dbDurations, type Histogram, type MetricFamily, type Metrics } from '../telemetry/index.ts';
import { describeStatement, type StatementSummary } from './describe-statement.ts';
import type { DatabaseName, StatementWatch } from './statement-watch.ts';

/** More different statements than this hold values, which are not worth remembering. */
const maxKnown = 500;
/** Longer statements insert many rows at once: few are like another. */
const longestKnown = 2_000;

interface KnownStatement {
  readonly summary: StatementSummary;
  readonly well: Histogram;
}

/** Measures the statements of one database. */
export class StatementMetrics implements StatementWatch {
  readonly #name: DatabaseName;
  readonly #clock: Clock;
  readonly #durations: MetricFamily<Histogram>;
  readonly #waits: Histogram;
  readonly #known = new Map<string, KnownStatement>();

  constructor(name: DatabaseName, metrics: Metrics, clock: Clock) {
    this.#name = name;
    this.#clock = clock;
    this.#durations = dbDurations(metrics);
    this.#waits = metrics
      .histogram({
        name: 'db_client_connection_wait_time_seconds',
        help: 'Time that it took until a connection was free, of those who had to wait.',
        labels: ['db_client_connection_pool_name'],
      })
      .labels(name.namespace);
  }

  ran(sql: string, startedMs: number, errorType?: string): void {
    const seconds = (this.#clock.monotonicMs() - startedMs) / 1_000;
    const { well, summary } = this.#known.get(sql) ?? this.#learn(sql);
    if (errorType === undefined) well.observe(seconds);
    else this.#series(summary, errorType).observe(seconds);
  }

  waited(startedMs: number): void {
    this.#waits.observe((this.#clock.monotonicMs() - startedMs) / 1_000);
  }

  #learn(sql: string): KnownStatement {
    const summary = describeStatement(sql);
    const known = { summary, well: this.#series(summary, '') };
    if (sql.length > longestKnown) return known;
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(sql, known);
    return known;
  }

  #series({ operation, summary }: StatementSummary, errorType: string): Histogram {
    return this.#durations.labels(this.#name.system, this.#name.namespace, operation, summary, errorType);
  }
}
