import {
  BodyDecoder,
  CRLF,
  isFieldValue,
  type Limits,
  type ParsedRequestHead,
  REASONS,
  type Reason,
  type Rejection,
  RequestHeadParser,
} from '@flotilla/http1';
import type { HeaderList } from '../../headers/header-list.ts';

/** Either what was read, or why it can't be. */
export type Http2Reading<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'refused'; readonly rejection: Rejection };

/** Speak of an HTTP/1 connection, and one of them of its framing (RFC 9113, 8.2.2). */
const ofHttp1: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);
const notLowerToken = /[^!#$%&'*+\-.^_`|~0-9a-z]/;

/**
 * Reads the heads and trailers of HTTP/2 requests by the rules of HTTP/1.1 (RFC 9113, 8.3): written as the HTTP/1.1
 * head that means the same, then read by the same strict parser. So a request means the same whichever way it came,
 * and nothing is let through over one version that is refused over the other. One reader serves a session.
 */
export class Http2RequestReader {
  readonly #parser: RequestHeadParser;
  readonly #trailers: BodyDecoder;
  /** How long the last head was, as HTTP/1.1 writes it. */
  headBytes = 0;

  constructor(limits: Limits) {
    this.#parser = new RequestHeadParser(limits);
    this.#trailers = new BodyDecoder('request', limits);
  }

  /**
   * @param raw `[name, value, …]` as the session gives it, pseudo-fields included
   * @param hasBody whether the stream goes on after the head
   */
  head(raw: HeaderList, hasBody: boolean): Http2Reading<ParsedRequestHead> {
    const text = headText(raw, hasBody);
    if (typeof text !== 'string') return { kind: 'refused', rejection: text };
    const bytes = Buffer.from(text, 'latin1');
    this.headBytes = bytes.length;
    const parser = this.#parser;
    parser.reset();
    const taken = parser.push(bytes, 0, bytes.length);
    if (parser.rejection !== undefined) return { kind: 'refused', rejection: parser.rejection };
    // More bytes than one head would be a second message: no value above can bring that about.
    if (parser.head === undefined || taken !== bytes.length)
      return { kind: 'refused', rejection: bad('bad-field-value') };
    return { kind: 'read', value: parser.head };
  }

  trailers(raw: HeaderList): Http2Reading<HeaderList> {
    let text = `0${CRLF}`;
    for (let at = 0; at < raw.length; at += 2) {
      const name = raw[at] ?? '';
      const value = raw[at + 1] ?? '';
      if (notLowerToken.test(name)) return { kind: 'refused', rejection: bad('bad-field-name') };
      if (ofHttp1.has(name)) return { kind: 'refused', rejection: ofConnection(name) };
      if (!isPlainValue(value)) return { kind: 'refused', rejection: bad('bad-field-value') };
      text += `${name}: ${value}${CRLF}`;
    }
    const bytes = Buffer.from(text + CRLF, 'latin1');
    const decoder = this.#trailers;
    decoder.start('chunked', -1);
    if (decoder.read(bytes, 0, bytes.length) === 'end') return { kind: 'read', value: decoder.trailers };
    return { kind: 'refused', rejection: decoder.rejection ?? bad('bad-field-value') };
  }
}

/** The head as HTTP/1.1 writes it, each part checked so that none can end its line or begin another. */
function headText(raw: HeaderList, hasBody: boolean): string | Rejection {
  let method: string | undefined;
  let path: string | undefined;
  let scheme: string | undefined;
  let authority: string | undefined;
  let host: string | undefined;
  let cookies = '';
  let hasLength = false;
  let fields = '';
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    if (!isPlainValue(value)) return bad('bad-field-value');
    switch (name) {
      case ':method':
        if (method !== undefined) return bad('bad-request-line', 'repeats :method');
        method = value;
        break;
      case ':path':
        if (path !== undefined) return bad('bad-request-line', 'repeats :path');
        path = value;
        break;
      case ':authority':
        if (authority !== undefined) return bad('repeated-host');
        authority = value;
        break;
      case ':scheme':
        if (scheme !== undefined) return bad('bad-request-line', 'repeats :scheme');
        scheme = value;
        break;
      case 'host':
        if (host !== undefined) return bad('repeated-host');
        host = value;
        break;
      // May come in several fields to be compressed better; HTTP/1.1 knows one (RFC 9113, 8.2.3).
      case 'cookie':
        cookies = cookies === '' ? value : `${cookies}; ${value}`;
        break;
      case 'te':
        if (value !== 'trailers') return bad('bad-connection', 'has a te field other than trailers');
        break;
      default:
        if (ofHttp1.has(name)) return ofConnection(name);
        if (name === '' || notLowerToken.test(name)) return bad('bad-field-name');
        if (name === 'content-length') hasLength = true;
        fields += `${name}: ${value}${CRLF}`;
    }
  }
  if (method === 'CONNECT') return { ...bad('unknown-method'), detail: 'The gateway does not support CONNECT.' };
  if (method === undefined || method === '' || hasBlank(method)) return bad('bad-method');
  if (scheme !== 'https') return bad('bad-request-line', 'must have the :scheme https');
  // An absolute form would bring an authority of its own, and a space would end the target.
  if (path === undefined || !(path.startsWith('/') || path === '*') || hasBlank(path)) return bad('bad-target');
  const effective = authority ?? host;
  if (effective === undefined) return bad('missing-host');
  // HTTP/1.1 may leave it empty, HTTP/2 may not (RFC 9113, 8.3.1).
  if (effective === '') return bad('bad-host');
  // Whoever looks at the other one would take the request to be for another host.
  if (host !== undefined && host.toLowerCase() !== effective.toLowerCase()) {
    return bad('bad-host', 'has a host that differs from its :authority');
  }
  let text = `${method} ${path} HTTP/1.1${CRLF}host: ${effective}${CRLF}${fields}`;
  if (cookies !== '') text += `cookie: ${cookies}${CRLF}`;
  if (hasBody && !hasLength) text += `transfer-encoding: chunked${CRLF}`;
  return text + CRLF;
}

/** HTTP/1.1 would cut white space off the ends: two readings of one value (RFC 9113, 8.2.1). */
function isPlainValue(value: string): boolean {
  return isFieldValue(value) && !isBlank(value.charCodeAt(0)) && !isBlank(value.charCodeAt(value.length - 1));
}

function hasBlank(text: string): boolean {
  return text.includes(' ') || text.includes('\t');
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function ofConnection(name: string): Rejection {
  return bad('bad-connection', `has the field ${name}, which HTTP/2 does not allow`);
}

/** @param what completes "The request …"; without it the reason's own words */
function bad(reason: Reason, what?: string): Rejection {
  const { status, detail } = REASONS[reason];
  return { reason, status, detail: what === undefined ? detail : `The request ${what}.` };
}
