export { readBuckets } from './bucket-bytes.ts';
export { grpcCodeToHttp } from './grpc-codes.ts';
export { openDatabase } from './open-database.ts';
export type {
  Added,
  Batch,
  Fields,
  HistogramRecord,
  LogRecord,
  MetricRecord,
  PointRecord,
  ResourceRecord,
  SpanRecord,
} from './records.ts';
export type { Bounds } from './retention.ts';
export type { Signal } from './segments.ts';
export { kindNumbers, kindOf } from './span-kinds.ts';
export { Store } from './store.ts';
