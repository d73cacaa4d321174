import { isFieldValue } from '@flotilla/http1';
import { isBound } from './bound-login.ts';
import { isOfThisHop } from './hop-by-hop.ts';

/** `request`: a field on its way to a service. `answer`: one on its way to the client. */
export type EditDirection = 'request' | 'answer';

const origin = 'the gateway sets it, and trusts the proxies named in `trustedProxies`';
const ids = "the gateway forwards a client's own id if it is well-formed, and creates one otherwise";
const trace = "the gateway continues the caller's trace";

/** What the gateway writes itself, with what to do instead. */
const own: Readonly<Record<EditDirection, ReadonlyMap<string, string>>> = {
  request: new Map([
    ['host', 'services receive the host that the client asked for'],
    ['via', 'the gateway adds its own name there to detect loops'],
    ['max-forwards', 'the gateway decrements it'],
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
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return 'is not a valid field name: use one such as "X-Tenant"';
  const lower = name.toLowerCase();
  if (framing.has(lower)) return 'frames the message, which is up to the gateway: remove it';
  if (isOfThisHop(lower)) return 'belongs to a single connection and is never forwarded: remove it';
  const reason = own[direction].get(lower);
  if (reason !== undefined) return `belongs to the gateway: ${reason}. Remove it`;
  // Services behind CGI and its like can't tell the two apart, so a client could send the one that is not looked at.
  if (direction === 'request' && name.includes('_'))
    return `must not contain "_": write "${name.replaceAll('_', '-')}"`;
  return undefined;
}

/** Why a field can't have this value, and what to do instead; undefined when it can. */
export function problemOfValue(name: string, value: string): string | undefined {
  if (!isFieldValue(value))
    return 'contains a character that a field cannot carry: use ASCII, and percent-encode the rest';
  // Not what JavaScript trims: 0xA0 is white space there, and the last byte of "à" in UTF-8.
  if (/^[ \t]|[ \t]$/.test(value)) return 'starts or ends with white space, which receivers strip: remove it';
  // Whoever comes next on the connection to the service would be taken for that user.
  if (name.toLowerCase() === 'authorization' && isBound(value)) {
    return 'is a login bound to one connection, and must not go over connections that clients share';
  }
  return undefined;
}
