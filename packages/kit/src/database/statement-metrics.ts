import type { Clock } from '@flotilla/contracts';
import { dbDurations, type Histogram, type MetricFamily, type Metrics } from '../telemetry/index.ts';
import { describeStatement, type StatementSummary } from './describe-statement.ts';
import { KnownStatements } from './known-statements.ts';
import type { DatabaseName, StatementWatch } from './statement-watch.ts';

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
  readonly #known = new KnownStatements((sql) => this.#learn(sql));

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
    const { well, summary } = this.#known.of(sql);
    if (errorType === undefined) well.observe(seconds);
    else this.#series(summary, errorType).observe(seconds);
  }

  waited(startedMs: number): void {
    this.#waits.observe((this.#clock.monotonicMs() - startedMs) / 1_000);
  }

  #learn(sql: string): KnownStatement {
    const summary = describeStatement(sql);
    return { summary, well: this.#series(summary, '') };
  }

  #series({ operation, summary }: StatementSummary, errorType: string): Histogram {
    return this.#durations.labels(this.#name.system, this.#name.namespace, operation, summary, errorType);
  }
}
