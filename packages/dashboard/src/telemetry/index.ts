export type { LogFilter, MetricFilter, RequestFilter, TopologyOptions } from '../queries/index.ts';
export { openTelemetry, type TelemetryOptions } from './open-telemetry.ts';
export type { Telemetry, TelemetryChange, TelemetryQueries, TelemetryStatus } from './telemetry.ts';
