import type { Encoding, SentSignal, Taken } from '../collector/index.ts';
import type { LogFilter, MetricFilter, RequestFilter, TopologyOptions } from '../queries/index.ts';
import type { Added, Batch } from '../store/index.ts';
import type {
  LogPage,
  LogRow,
  MetricCatalog,
  MetricResult,
  RequestPage,
  Topology,
  Trace,
  TrafficView,
} from '../wire/index.ts';

/** What is kept of the past, and what it says. */
export interface Telemetry {
  /**
   * Keeps a message of OTLP. Resolves once that is written: a kill of the process does not lose it any more.
   *
   * @throws {AppError} INVALID_REQUEST, INVALID_JSON: nothing of it can be used; STORAGE_UNAVAILABLE, OVERLOADED: send it again later
   */
  receive(signal: SentSignal, encoding: Encoding, body: Uint8Array): Promise<Taken>;
  /** Resolves once `batches` are written: a kill of the process does not lose them any more. Rejects if that is impossible. */
  add(batches: readonly Batch[]): Promise<Added>;
  readonly queries: TelemetryQueries;
  /** Calls `listener` when something was written, at most ten times a second: what a live page shows has changed. */
  onChange(listener: (change: TelemetryChange) => void): () => void;
  status(): TelemetryStatus;
  close(): Promise<void>;
}

/** Answers what pages ask. Filters that ask for nothing known find nothing; they are never an error. */
export interface TelemetryQueries {
  /** Newest first. */
  requests(filter: RequestFilter): Promise<RequestPage>;
  /** Undefined: nothing is kept of it. */
  trace(traceId: string): Promise<Trace | undefined>;
  /** Newest first. */
  logs(filter: LogFilter): Promise<LogPage>;
  /** Lines that arrived after the line `id`, in that order, at most 1000: what a live tail shows next. */
  logsAfter(id: number, filter: LogFilter): Promise<readonly LogRow[]>;
  /** The id of the line that arrived last: where a live tail begins. */
  lastLogId(): Promise<number>;
  /** The metrics of which something is kept, by name. */
  metrics(): Promise<MetricCatalog>;
  /** Without lines if nothing is known of the metric. */
  metric(filter: MetricFilter): Promise<MetricResult>;
  /** Who called whom; times are milliseconds since the epoch. */
  topology(fromMs: number, toMs: number, options?: TopologyOptions): Promise<Topology>;
  /** What each service was asked, by its name; times are milliseconds since the epoch. */
  traffic(fromMs: number, toMs: number): Promise<ReadonlyMap<string, TrafficView>>;
}

/** What has come since the last change. */
export interface TelemetryChange {
  readonly spans: boolean;
  readonly logs: boolean;
  readonly points: boolean;
}

/** How the store is. */
export interface TelemetryStatus {
  /** Where it is kept. */
  readonly file: string;
  /** Bytes of the file that hold something. */
  readonly usedBytes: number;
  readonly maxBytes: number;
  /** What is wrong and what to do, for people; undefined: nothing. */
  readonly trouble?: { readonly message: string; readonly sinceMs: number };
}
