import type { DatabaseSync } from 'node:sqlite';
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
import type { LogFilter, RequestFilter } from './filters.ts';
import { LogList } from './log-list.ts';
import type { MetricFilter } from './metric-filter.ts';
import { MetricQuery } from './metric-query.ts';
import { RequestList } from './request-list.ts';
import { Resources } from './resources.ts';
import { type TopologyOptions, TopologyQuery } from './topology-query.ts';
import { TraceView } from './trace-view.ts';

/** Answers what pages ask about the past, from the database. Synchronous: whoever has it decides on which thread. */
export class Queries {
  readonly #requests: RequestList;
  readonly #logs: LogList;
  readonly #traces: TraceView;
  readonly #metrics: MetricQuery;
  readonly #topology: TopologyQuery;

  constructor(database: DatabaseSync) {
    const resources = new Resources(database);
    this.#requests = new RequestList(database, resources);
    this.#logs = new LogList(database, resources);
    this.#traces = new TraceView(database, resources, this.#requests, this.#logs);
    this.#metrics = new MetricQuery(database, resources);
    this.#topology = new TopologyQuery(database, resources);
  }

  /** Newest first. */
  requests(filter: RequestFilter): RequestPage {
    return this.#requests.list(filter);
  }

  /** Undefined: nothing is kept of it. */
  trace(traceId: string): Trace | undefined {
    return this.#traces.read(traceId);
  }

  /** Newest first. */
  logs(filter: LogFilter): LogPage {
    return this.#logs.list(filter);
  }

  /** Lines that arrived after the line `id`, in that order, at most 1000: what a live tail shows next. */
  logsAfter(id: number, filter: LogFilter): readonly LogRow[] {
    return this.#logs.after(id, filter);
  }

  /** The id of the line that arrived last: where a live tail begins. */
  lastLogId(): number {
    return this.#logs.lastId();
  }

  /** The metrics of which something is kept, by name. */
  metrics(): MetricCatalog {
    return this.#metrics.catalog();
  }

  /** Without lines if nothing is known of the metric. */
  metric(filter: MetricFilter): MetricResult {
    return this.#metrics.query(filter);
  }

  /** Who called whom; times are milliseconds since the epoch. */
  topology(fromMs: number, toMs: number, options?: TopologyOptions): Topology {
    return this.#topology.read(fromMs, toMs, options);
  }

  /** What each service was asked, by its name; times are milliseconds since the epoch. */
  traffic(fromMs: number, toMs: number): ReadonlyMap<string, TrafficView> {
    return this.#topology.traffic(fromMs, toMs);
  }
}
