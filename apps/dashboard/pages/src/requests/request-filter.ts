import { limitsOf, putRange, rangeOf, type TimeRange, wholeNumber } from '../time/time-range.ts';

/** Which requests a person wants to see. An empty text stands for all. */
export interface RequestFilter {
  /** Where they came in; empty: at the gateway, unless a service or a trace is asked for. */
  readonly at: '' | 'gateway' | 'anywhere';
  readonly service: string;
  readonly route: string;
  readonly method: string;
  /** `404`, `4xx`, `5xx`; `failed` for whatever did not work. */
  readonly status: string;
  /** Milliseconds; undefined: however fast. */
  readonly minMs: number | undefined;
  readonly text: string;
  readonly range: TimeRange;
}

const words = ['service', 'route', 'method', 'status', 'text'] as const;

/** Requests are rarer than logs and metrics, and what a person looks for has often just happened. */
const defaultRequestRange = '1h';

/** The filter that an address stands for. Addresses are what alerts link to, and what people send each other. */
export function requestFilterOf(search: URLSearchParams): RequestFilter {
  const at = search.get('at');
  return {
    at: at === 'gateway' || at === 'anywhere' ? at : '',
    service: search.get('service') ?? '',
    route: search.get('route') ?? '',
    method: (search.get('method') ?? '').toUpperCase(),
    status: search.get('status') ?? '',
    minMs: wholeNumber(search.get('min_ms')),
    text: search.get('text') ?? '',
    range: rangeOf(search, defaultRequestRange),
  };
}

/** The address of a filter, without what is as it is by default. */
export function searchOfRequests(filter: RequestFilter): URLSearchParams {
  const search = new URLSearchParams();
  if (filter.at !== '' && filter.at !== usualArrival(filter)) search.set('at', filter.at);
  for (const word of words) if (filter[word] !== '') search.set(word, filter[word]);
  if (filter.minMs !== undefined && filter.minMs > 0) search.set('min_ms', String(filter.minMs));
  putRange(search, filter.range);
  if (search.get('range') === defaultRequestRange) search.delete('range');
  return search;
}

/** Where the requests came in that are shown. */
export function arrivalOf(filter: RequestFilter): 'gateway' | 'anywhere' {
  return filter.at === '' ? usualArrival(filter) : filter.at;
}

/** Whether a text is the id of a trace, as people paste it: alone, or in a `traceparent`. */
function namesTrace(text: string): boolean {
  return /^\s*(?:[0-9a-f]{2}-)?[0-9a-f]{32}(?:-[0-9a-f]{16}-[0-9a-f]{2})?\s*$/i.test(text);
}

/** What people ask for comes in at the gateway; the rest programs ask each other, every few seconds. */
function usualArrival({ service, text }: RequestFilter): 'gateway' | 'anywhere' {
  return service === '' && !namesTrace(text) ? 'gateway' : 'anywhere';
}

/** What to ask the engine for. */
export function requestQuery(filter: RequestFilter, nowMs: number, limit: number, cursor?: string): URLSearchParams {
  const query = searchOfRequests(filter);
  query.delete('range');
  query.delete('at');
  if (arrivalOf(filter) === 'gateway') query.set('at', 'gateway');
  const limits = limitsOf(filter.range, nowMs);
  // Whoever pastes the id of a trace wants that, however long ago it was.
  if (!namesTrace(filter.text) || filter.range.kind === 'between')
    query.set('from_ms', String(Math.floor(limits.fromMs)));
  // The end of "the last hour" is open: what arrives while the answer is under way belongs to it.
  if (filter.range.kind === 'between') query.set('to_ms', String(Math.ceil(limits.toMs)));
  else query.delete('to_ms');
  query.set('limit', String(limit));
  if (cursor !== undefined) query.set('cursor', cursor);
  return query;
}

/** Whether a filter leaves anything out, apart from its range. */
export function isFiltered(filter: RequestFilter): boolean {
  return filter.at !== '' || words.some((word) => filter[word] !== '') || (filter.minMs ?? 0) > 0;
}
