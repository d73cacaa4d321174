import type { LogLevel } from '@flotilla/dashboard/wire';
import { limitsOf, putRange, rangeOf, type TimeRange } from '../time/time-range.ts';

/** Which lines a person wants to see. An empty text stands for all. */
export interface LogFilter {
  /** The lowest; undefined: all. */
  readonly level: LogLevel | undefined;
  readonly service: string;
  readonly instance: string;
  readonly text: string;
  readonly traceId: string;
  readonly range: TimeRange;
}

/** From the least to the most serious. */
export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

const defaultLogRange = '1h';

const words = [
  ['service', 'service'],
  ['instance', 'instance'],
  ['text', 'text'],
  ['trace_id', 'traceId'],
] as const;

/** The filter that an address stands for. */
export function logFilterOf(search: URLSearchParams): LogFilter {
  return {
    level: logLevels.find((level) => level === search.get('level')),
    service: search.get('service') ?? '',
    instance: search.get('instance') ?? '',
    text: search.get('text') ?? '',
    traceId: search.get('trace_id') ?? '',
    range: rangeOf(search, defaultLogRange),
  };
}

/** The address of a filter, without what is as it is by default. */
export function searchOfLogs(filter: LogFilter): URLSearchParams {
  const search = new URLSearchParams();
  if (filter.level !== undefined) search.set('level', filter.level);
  for (const [name, field] of words) if (filter[field] !== '') search.set(name, filter[field]);
  putRange(search, filter.range);
  if (search.get('range') === defaultLogRange) search.delete('range');
  return search;
}

/** What to ask the engine for: the lines of the range. A live tail takes the same without times. */
export function logQuery(filter: LogFilter, nowMs: number, limit: number, cursor?: string): URLSearchParams {
  const query = searchOfLogs(filter);
  query.delete('range');
  const limits = limitsOf(filter.range, nowMs);
  // Whoever follows a trace wants all of its lines, however long ago it was.
  if (filter.traceId === '' || filter.range.kind === 'between') query.set('from_ms', String(Math.floor(limits.fromMs)));
  query.set('limit', String(limit));
  if (cursor !== undefined) query.set('cursor', cursor);
  return query;
}

/** What to ask the live tail for. */
export function tailQuery(filter: LogFilter): URLSearchParams {
  const query = searchOfLogs(filter);
  for (const name of ['range', 'from_ms', 'to_ms']) query.delete(name);
  return query;
}
