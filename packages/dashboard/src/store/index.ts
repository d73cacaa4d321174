export { readBuckets } from './bucket-bytes.ts';
export { grpcCodeToHttp } from './grpc-codes.ts';
export { type FileLock, lockFile } from './lock-file.ts';
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
export { kindNumbers, kindOf } from './span-kinds.ts';
export { storageFailure } from './storage-failure.ts';
export { Store } from './store.ts';
