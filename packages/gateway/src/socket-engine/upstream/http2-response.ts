import { FIELD_ID_COUNT, fieldNameOf, isFieldValue } from '@flotilla/http1';
import type { HeaderList } from '../../headers/header-list.ts';
import type { ReceivedHead } from '../sides/response-sink.ts';

const none: readonly string[] = [];
const idOf: ReadonlyMap<string, number> = new Map(
  Array.from({ length: FIELD_ID_COUNT }, (_, id) => [fieldNameOf(id) ?? '', id]),
);

/**
 * The head of an HTTP/2 response. What is not allowed in a field of HTTP/1.1 is refused here, since all that follows
 * trusts heads.
 *
 * @param raw `[name, value, …]` as the session gives it, pseudo-fields included
 * @returns what is wrong, when it can't be passed on
 */
export function http2ResponseHead(raw: HeaderList, method: string, endsStream: boolean): ReceivedHead | string {
  let status = 0;
  let contentLength = -1;
  const fields: string[] = [];
  const ids: number[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    if (!isFieldValue(value)) return 'bad-field-value';
    if (name === ':status') status = Number(value);
    if (name.startsWith(':')) continue;
    // The session has checked it against the body.
    if (name === 'content-length') contentLength = Number(value);
    fields.push(name, value);
    ids.push(idOf.get(name) ?? 0);
  }
  // HTTP/2 has no 101 (RFC 9113, 8.6).
  if (!(status >= 100 && status <= 599) || status === 101) return 'bad-status';
  const hasBody = method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304;
  if (hasBody && endsStream && contentLength < 0) contentLength = 0;
  return { status, reasonPhrase: '', fields, ids, connection: none, upgrade: none, hasBody, contentLength };
}
