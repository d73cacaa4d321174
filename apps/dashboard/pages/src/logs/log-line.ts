import type { LogRow } from '@flotilla/dashboard/wire';
import { fieldsPreview, type LogField } from './log-fields.ts';

/** A line as its row shows it. */
export interface LogLine {
  readonly text: string;
  /** Fields that are not in the text already. */
  readonly preview: readonly LogField[];
}

/** The names of what an access log says, as OpenTelemetry, and as our logs have them. */
const parts = {
  method: ['http.request.method', 'method'],
  path: ['url.path', 'path'],
  status: ['http.response.status_code', 'status'],
  duration: ['durationMs'],
} as const;

/** What is in every line and tells them not apart: the details have it. */
const dull = new Set([
  'otel.scope.name',
  'worker',
  'requestId',
  'client.address',
  'http.request.body.size',
  'http.response.body.size',
  'http.route',
  'route',
]);

/** What the row of a line says. A request's line is told as people say it: `GET /users/7 200`. */
export function logLine(
  { message, fields }: Pick<LogRow, 'message' | 'fields'>,
  duration: (ms: number) => string,
): LogLine {
  const told = new Set<string>(dull);
  const take = (names: readonly string[]): unknown => {
    const name = names.find((each) => fields[each] !== undefined);
    if (name === undefined) return undefined;
    told.add(name);
    return fields[name];
  };
  const method = message === 'request' ? take(parts.method) : undefined;
  const path = message === 'request' ? take(parts.path) : undefined;
  if (typeof method !== 'string' || typeof path !== 'string') return { text: message, preview: rest(fields, dull) };
  const status = take(parts.status);
  const tookMs = take(parts.duration);
  const words = [
    method,
    path,
    typeof status === 'number' ? String(status) : '',
    typeof tookMs === 'number' ? duration(tookMs) : '',
  ];
  return { text: words.filter((word) => word !== '').join(' '), preview: rest(fields, told) };
}

function rest(fields: LogRow['fields'], told: ReadonlySet<string>): readonly LogField[] {
  return fieldsPreview(Object.fromEntries(Object.entries(fields).filter(([name]) => !told.has(name))));
}
