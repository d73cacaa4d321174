/** `GET /api/logs?level=&service=&instance=&text=&trace_id=&from_ms=&to_ms=&cursor=&limit=`, newest first. `level`: the lowest. */
export interface LogPage {
  readonly logs: readonly LogRow[];
  readonly cursor?: string;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** A line of a log. New ones come as events `log` of `GET /api/logs/stream`, which takes the same filters. */
export interface LogRow {
  /** Unique, ascending in the order of arrival. */
  readonly id: number;
  readonly atMs: number;
  readonly level: LogLevel;
  readonly service: string;
  readonly instanceId?: string;
  readonly message: string;
  /** The rest of the line, as it was structured. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly traceId?: string;
  readonly spanId?: string;
}
