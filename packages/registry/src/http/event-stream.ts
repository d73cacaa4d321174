import { AppError, headerNames, rule } from '@flotilla/contracts';
import { isRevision } from './long-poll.ts';

const revisionRule = rule('NOT_A_REVISION', { max: Number.MAX_SAFE_INTEGER });

/** The head of a request for an event stream, as far as it matters. */
interface Head {
  readonly accept?: string | undefined;
  readonly [name: string]: string | readonly string[] | undefined;
}

/** The headers of every event stream. */
export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Tells nginx not to gather the events.
  'x-accel-buffering': 'no',
  // A watch has its connection for itself: once it ends, nothing is to keep it open.
  connection: 'close',
} as const;

/** Where to resume. */
export interface ResumeFrom {
  readonly from: number | undefined;
  readonly history: string | undefined;
}

/**
 * Where a watch goes on. `Last-Event-ID` goes before `from`: a browser that comes back sends it with the address it began with.
 *
 * @throws {AppError} NOT_ACCEPTABLE if the caller takes no event stream, INVALID_REQUEST for an id that is none
 */
export function resumeFrom(headers: Head, from: number | undefined): ResumeFrom {
  if (!acceptsEventStream(headers.accept)) throw new AppError('NOT_ACCEPTABLE');
  const id = lastEventId(headers['last-event-id']);
  const history = headers[headerNames.registryHistory];
  return {
    from: id === undefined ? from : Number(id),
    history: typeof history === 'string' && history !== '' ? history : undefined,
  };
}

/** Reads the header; the empty value is what a browser has that never saw an id. */
function lastEventId(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  if (typeof header === 'string' && isRevision(header)) return header;
  throw new AppError('INVALID_REQUEST', { fields: [{ field: 'last-event-id', ...revisionRule.params.rule }] });
}

/** Whether an `Accept` header (RFC 9110, 12.5.1) allows an event stream: the most specific range that covers it decides. */
function acceptsEventStream(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  const ranges = accept
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';').map((text) => text.trim()));
  for (const type of ['text/event-stream', 'text/*', '*/*']) {
    const range = ranges.find(([name]) => name === type);
    if (range !== undefined) return !range.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter));
  }
  return false;
}
