import type { LogLevel } from '../wire/index.ts';

/** Which requests to list; what is undefined is not asked. Times are milliseconds since the epoch. */
export interface RequestFilter {
  /** As it stands in the row. */
  readonly route?: string | undefined;
  /** `404`, `5xx`, or several with commas; `failed`: whatever counts as an error. */
  readonly status?: string | undefined;
  readonly minMs?: number | undefined;
  /** The services where it came in. */
  readonly at?: readonly string[] | undefined;
  /** A service that took part in answering, not only the first. */
  readonly service?: string | undefined;
  readonly method?: string | undefined;
  /** In path, query, route, error or name; or a whole trace id; or an attribute of any span of its trace: `tenant.id=acme`. */
  readonly text?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Of the page before. */
  readonly cursor?: string | undefined;
  /** From 1 to 1000; default 100. */
  readonly limit?: number | undefined;
}

/** Which lines of logs to list; what is undefined is not asked. Times are milliseconds since the epoch. */
export interface LogFilter {
  /** The lowest. */
  readonly level?: LogLevel | undefined;
  readonly service?: string | undefined;
  readonly instance?: string | undefined;
  /** In the message or the fields. */
  readonly text?: string | undefined;
  readonly traceId?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Of the page before. */
  readonly cursor?: string | undefined;
  /** From 1 to 1000; default 100. */
  readonly limit?: number | undefined;
}
