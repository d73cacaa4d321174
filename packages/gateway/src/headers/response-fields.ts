import { fieldNameId } from '@flotilla/http1';
import { type HeaderList, headerValue } from './header-list.ts';
import { fieldActions, leaveOut, nominatedFields, passOn } from './hop-by-hop.ts';
import type { RequestIdentity } from './request-head.ts';

/** The fields of a response as the codec read them. */
export interface ReceivedFields {
  readonly fields: HeaderList;
  readonly ids: readonly number[];
  /** The options of `Connection`, in lower case. */
  readonly connection: readonly string[];
}

/** Replaced by this request's own. */
const actions = fieldActions(['x-request-id', 'x-trace-id']);

/**
 * The fields of an upstream's response as they go to the client: its end-to-end fields in their order and case, and
 * the ids of this request. Framing fields are left out; the engine adds them from what it parsed.
 */
export function clientResponseFields(received: ReceivedFields, identity: RequestIdentity): string[] {
  const { fields, ids } = received;
  const nominated = nominatedFields(received.connection);
  const kept: string[] = [];
  for (let index = 0; index < ids.length; index++) {
    if ((actions[ids[index] ?? 0] ?? leaveOut) !== passOn) continue;
    const name = fields[index * 2] ?? '';
    if (nominated.length > 0 && nominated.includes(name.toLowerCase())) continue;
    kept.push(name, fields[index * 2 + 1] ?? '');
  }
  kept.push('X-Request-Id', identity.requestId, 'X-Trace-Id', identity.trace.traceId);
  return kept;
}

const locationField = fieldNameId('location');
const contentLocationField = fieldNameId('content-location');

/** Whether an answer names a place, which its client may not find under that name. Few do. */
export function namesPlace(ids: readonly number[]): boolean {
  return ids.includes(locationField) || ids.includes(contentLocationField);
}

/**
 * Whether an answer is a stream of server-sent events, which goes on for as long as its client listens.
 *
 * @param contentLength -1 when it is not known
 */
export function isEventStream(fields: HeaderList, contentLength: number): boolean {
  if (contentLength >= 0) return false;
  const type = headerValue(fields, 'content-type');
  return type !== undefined && /^text\/event-stream\s*(?:;|$)/i.test(type);
}
