import { CRLF } from '@flotilla/http1';
import type { HeaderList } from '../headers/header-list.ts';

/**
 * An HTTP/2 request head as the head of an HTTP/1.1 request (RFC 9113, 8.3): it is then read by the same strict parser,
 * so that a request means the same whichever way it came, and nothing is let through over one that is refused over the
 * other. Undefined when there is no such form (CONNECT, or a missing part).
 *
 * @param raw `[name, value, …]` as the session gives it, pseudo-fields included
 * @param hasBody whether the stream goes on after the head
 */
export function asHttp1Head(raw: HeaderList, hasBody: boolean): Buffer | undefined {
  let method = '';
  let path = '';
  let authority = '';
  let host = '';
  let cookies = '';
  let hasLength = false;
  let fields = '';
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    // A line break in a value would begin a field of the sender's choice in what is parsed below.
    if (/[\r\n\0]/.test(value)) return undefined;
    switch (name) {
      case ':method':
        method = value;
        break;
      case ':path':
        path = value;
        break;
      case ':authority':
        authority = value;
        break;
      case ':scheme':
        break;
      case 'host':
        host = value;
        break;
      // May come in several fields to be compressed better; HTTP/1.1 knows one (RFC 9113, 8.2.3).
      case 'cookie':
        cookies = cookies === '' ? value : `${cookies}; ${value}`;
        break;
      default:
        if (name === 'content-length') hasLength = true;
        fields += `${name}: ${value}${CRLF}`;
    }
  }
  if (method === 'CONNECT' || method === '' || path === '') return undefined;
  if (/[\s]/.test(method) || /[\s]/.test(path)) return undefined;
  const effective = authority === '' ? host : authority;
  let text = `${method} ${path} HTTP/1.1${CRLF}Host: ${effective}${CRLF}${fields}`;
  if (cookies !== '') text += `cookie: ${cookies}${CRLF}`;
  if (hasBody && !hasLength) text += `transfer-encoding: chunked${CRLF}`;
  return Buffer.from(text + CRLF, 'latin1');
}
