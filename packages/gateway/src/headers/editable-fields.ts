import { isFieldValue } from '@flotilla/http1';
import { isBound } from './bound-login.ts';
import { isOfThisHop } from './hop-by-hop.ts';

/** `request`: a field on its way to a service. `answer`: one on its way to the client. */
export type EditDirection = 'request' | 'answer';

const origin = 'the gateway says where a request comes from: name the proxies in front of it in `trustedProxies`';
const ids = "the gateway passes on a client's own if it is well-formed, and makes one otherwise";
const trace = "the gateway continues the caller's trace";

/** What the gateway writes itself, with what to do instead. */
const own: Readonly<Record<EditDirection, ReadonlyMap<string, string>>> = {
  request: new Map([
    ['host', 'services are told the host that the client asked for'],
    ['via', 'the gateway names itself there, and knows by it a request that goes round'],
    ['max-forwards', 'the gateway counts it down'],
    ['x-request-id', ids],
    ['traceparent', trace],
    ['tracestate', trace],
    ...['forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-real-ip'].map(
      (name) => [name, origin] as const,
    ),
  ]),
  answer: new Map([
    ['date', 'the gateway adds it to an answer that has none'],
    ['x-request-id', ids],
    ['x-trace-id', trace],
  ]),
};

const framing = new Set(['content-length', 'transfer-encoding', 'trailer', 'te', 'expect']);

/** Why no policy may change a field of this name, and what to do instead; undefined when one may. */
export function problemOfName(direction: EditDirection, name: string): string | undefined {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return 'is not the name of a field: write one such as "X-Tenant"';
  const lower = name.toLowerCase();
  if (framing.has(lower)) return 'is about how a message is framed, which the gateway decides itself: leave it out';
  if (isOfThisHop(lower)) return 'speaks of one connection and is never passed on: leave it out';
  const reason = own[direction].get(lower);
  if (reason !== undefined) return `belongs to the gateway: ${reason}. Leave it out`;
  // Services behind CGI and its like can't tell the two apart, so a client could send the one that is not looked at.
  if (direction === 'request' && name.includes('_')) return `must have no "_": write "${name.replaceAll('_', '-')}"`;
  return undefined;
}

/** Why a field can't have this value, and what to do instead; undefined when it can. */
export function problemOfValue(name: string, value: string): string | undefined {
  if (!isFieldValue(value)) return 'has a character that no field can carry: write ASCII, with others percent-encoded';
  // Not what JavaScript trims: 0xA0 is white space there, and the last byte of "à" in UTF-8.
  if (/^[ \t]|[ \t]$/.test(value))
    return 'begins or ends with white space, which the receiver would cut off: leave it out';
  // Whoever comes next on the connection to the service would be taken for that user.
  if (name.toLowerCase() === 'authorization' && isBound(value)) {
    return 'is a login that is bound to one connection, which connections that serve all clients must not have';
  }
  return undefined;
}
