import { readJson } from '@flotilla/contracts/json';
import { readEcsLine } from './ecs-line.ts';
import { isObject } from './flat-error.ts';
import { readOtelLine } from './otel-line.ts';

/** The fields of a log line; `level`, `time` and `msg` are always present. A level is in lower case. */
export type LogLine = Readonly<Record<string, unknown>>;

/**
 * The fields of a JSON log line, without its end, under our own names, whichever profile it has; undefined for any other line,
 * including one that only looks like JSON.
 */
export function readLogLine(line: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined;
  // Any program may write any line: a deeply nested one would overflow the stack when its fields are shown.
  const read = readJson(Buffer.from(line));
  return read.ok ? logLineOf(read.value) : undefined;
}

/** The same of a line that one of our own loggers has written, which limits how deep its fields are; several times as fast. */
export function readOwnLine(line: string): LogLine | undefined {
  try {
    return logLineOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function logLineOf(value: unknown): LogLine | undefined {
  if (!isObject(value)) return undefined;
  const isNative = 'level' in value && 'msg' in value && 'time' in value;
  const fields = isNative ? value : (readEcsLine(value) ?? readOtelLine(value));
  if (fields === undefined) return undefined;
  const { level } = fields;
  // Go's slog, Java and Python write INFO. It was made for us: nobody else has it.
  if (typeof level === 'string') fields['level'] = level.toLowerCase();
  return fields;
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
