import type { HeaderList } from './header-list.ts';

/**
 * Fields that speak of one connection only (RFC 9110, 7.6.1) or of one message's framing, which whoever writes the
 * message decides anew. Never passed on, in either direction. `Expect` too: the engine answers or repeats it itself.
 */
const ofThisHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'content-length',
  'expect',
  'proxy-authenticate',
  'proxy-authorization',
]);

/**
 * Fields that the gateway or a service relies on. A sender must not be able to have them removed by naming them in
 * `Connection`: that would let a client shed its own credentials' checks or the gateway's word about it.
 */
const protectedFields: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'cookie',
  'set-cookie',
  'content-type',
  'content-encoding',
  'content-range',
  'date',
  'cache-control',
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-real-ip',
  'x-request-id',
  'x-trace-id',
  'traceparent',
  'tracestate',
  'baggage',
]);

const noTokens: readonly string[] = [];

/** Whether a field stays on this connection; `lowerName` in lower case, `nominated` from {@link nominatedFields}. */
export function isHopByHop(lowerName: string, nominated: readonly string[]): boolean {
  return ofThisHop.has(lowerName) || (nominated.length > 0 && nominated.includes(lowerName));
}

/** The fields the sender's `Connection` names, in lower case, without those it has no say over. */
export function nominatedFields(headers: HeaderList): readonly string[] {
  let found: string[] | undefined;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? '';
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    const value = (headers[at + 1] ?? '').toLowerCase();
    // By far the most frequent values nominate nothing.
    if (value === 'keep-alive' || value === 'close') continue;
    for (const part of value.split(',')) {
      const token = part.trim();
      if (token !== '' && !ofThisHop.has(token) && !protectedFields.has(token)) {
        found ??= [];
        found.push(token);
      }
    }
  }
  return found ?? noTokens;
}
