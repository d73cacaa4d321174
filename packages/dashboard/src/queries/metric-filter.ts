import type { MetricShow } from '../wire/index.ts';

/** What to show of a metric. Times are milliseconds since the epoch. */
export interface MetricFilter {
  readonly name: string;
  readonly show: MetricShow;
  /** Attributes by which lines are told apart; also `service` and `instance`. Default: one line. */
  readonly groupBy?: readonly string[] | undefined;
  /** Attributes with the value that they must have; also `service` and `instance`. */
  readonly where?: Readonly<Record<string, string>> | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  /** About how many values each line has; default 120, at most 1000. */
  readonly points?: number | undefined;
}
