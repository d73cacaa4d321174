export type { LogFilter, RequestFilter } from './filters.ts';
export type { MetricFilter } from './metric-filter.ts';
export { Queries } from './queries.ts';
export type { TopologyOptions } from './topology-query.ts';
