import { readJson } from '@flotilla/contracts/json';

/** The fields of a log line; `level`, `time` and `msg` are always present. A level is in lower case. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The fields of a JSON log line, without its end; undefined for any other line, including one that only looks like JSON. */
export function readLogLine(line: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined;
  // Any program may write any line: a deeply nested one would overflow the stack when its fields are shown.
  const read = readJson(Buffer.from(line));
  if (!read.ok) return undefined;
  const { value } = read;
  const isLog = typeof value === 'object' && value !== null && 'level' in value && 'msg' in value && 'time' in value;
  if (!isLog) return undefined;
  // As just checked: an object with the three fields of every log line. Go's slog, Java and Python write INFO.
  return typeof value.level === 'string' ? { ...value, level: value.level.toLowerCase() } : { ...value };
}

/** A request that a program answered, from its log line. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** Undefined if nothing was sent. */
  readonly status: number | undefined;
  readonly durationMs: number | undefined;
  /** The service that the gateway asked. */
  readonly service: string | undefined;
  readonly requestId: string | undefined;
}

/** The request of a log line; undefined if the line is about something else. */
export function loggedRequest(line: LogLine): LoggedRequest | undefined {
  const { msg, method, path, status, durationMs, upstreamService, requestId } = line;
  if (msg !== 'request' || typeof method !== 'string' || typeof path !== 'string') return undefined;
  return {
    method,
    path,
    status: typeof status === 'number' ? status : undefined,
    durationMs: typeof durationMs === 'number' ? durationMs : undefined,
    service: typeof upstreamService === 'string' ? upstreamService : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
  };
}
