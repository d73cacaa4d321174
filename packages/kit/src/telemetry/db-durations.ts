import type { Histogram } from './metric-series.ts';
import type { MetricFamily, Metrics } from './metrics.ts';

/** The boundaries OpenTelemetry's conventions give the durations of database calls, in seconds. */
const buckets: readonly number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * How long calls of databases and of Redis take: `db.client.operation.duration`. Labels: the system (`postgresql`), the name of the
 * database, the operation (`SELECT`), the summary (`SELECT users`), and what went wrong, empty if nothing did.
 */
export function dbDurations(metrics: Metrics): MetricFamily<Histogram> {
  return metrics.histogram({
    name: 'db_client_operation_duration_seconds',
    help: 'Duration of database client operations.',
    labels: ['db_system_name', 'db_namespace', 'db_operation_name', 'db_query_summary', 'error_type'],
    buckets,
  });
}
