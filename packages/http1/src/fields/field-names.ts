/**
 * The names that come in nearly every message. A name of this list costs no string: the parser hands out the shared
 * constant, in lower case or in its usual case, and a small number to switch on.
 *
 * The ids of the first names are fixed, since the parsers switch on them. Ask `fieldNameId` for the others.
 */
export const HOST_ID = 1;
export const CONTENT_LENGTH_ID = 2;
export const TRANSFER_ENCODING_ID = 3;
export const CONNECTION_ID = 4;
export const EXPECT_ID = 5;
export const UPGRADE_ID = 6;
export const TRAILER_ID = 7;
export const PROXY_CONNECTION_ID = 8;
/** Names with a larger id mean nothing to the framing or routing of a message. */
export const LAST_SPECIAL_ID = 8;

const USUAL_NAMES: readonly string[] = [
  ...['Host', 'Content-Length', 'Transfer-Encoding', 'Connection', 'Expect', 'Upgrade', 'Trailer'],
  ...['Proxy-Connection', 'TE', 'Keep-Alive', 'Proxy-Authenticate', 'Proxy-Authorization', 'HTTP2-Settings'],
  ...['Via', 'Forwarded', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Forwarded-Port', 'X-Real-IP'],
  ...[
    'X-Request-Id',
    'X-Trace-Id',
    'Traceparent',
    'Tracestate',
    'Baggage',
    'Max-Forwards',
    'Accept',
    'Accept-Encoding',
  ],
  ...[
    'Accept-Language',
    'Accept-Charset',
    'Accept-Ranges',
    'Age',
    'Allow',
    'Alt-Svc',
    'Authorization',
    'Cache-Control',
  ],
  ...['Content-Type', 'Content-Encoding', 'Content-Language', 'Content-Location', 'Content-Disposition'],
  ...['Content-Range', 'Content-Security-Policy', 'Cookie', 'Date', 'DNT', 'ETag', 'Expires', 'From', 'If-Match'],
  ...[
    'If-Modified-Since',
    'If-None-Match',
    'If-Range',
    'If-Unmodified-Since',
    'Last-Event-ID',
    'Last-Modified',
    'Link',
  ],
  ...['Location', 'Origin', 'Pragma', 'Priority', 'Range', 'Referer', 'Referrer-Policy', 'Retry-After', 'Sec-CH-UA'],
  ...['Sec-CH-UA-Mobile', 'Sec-CH-UA-Platform', 'Sec-Fetch-Dest', 'Sec-Fetch-Mode', 'Sec-Fetch-Site', 'Sec-Fetch-User'],
  ...['Sec-WebSocket-Key', 'Sec-WebSocket-Version', 'Sec-WebSocket-Accept', 'Sec-WebSocket-Protocol', 'Sec-GPC'],
  ...['Sec-WebSocket-Extensions', 'Server', 'Server-Timing', 'Set-Cookie', 'Strict-Transport-Security', 'User-Agent'],
  ...['Upgrade-Insecure-Requests', 'Vary', 'WWW-Authenticate', 'X-Content-Type-Options', 'X-Frame-Options'],
  ...['X-Powered-By', 'X-Requested-With', 'X-Registry-Revision', 'Idempotency-Key', 'RateLimit', 'RateLimit-Policy'],
  ...['Access-Control-Allow-Origin', 'Access-Control-Allow-Methods', 'Access-Control-Allow-Headers'],
  ...['Access-Control-Allow-Credentials', 'Access-Control-Request-Method', 'Access-Control-Request-Headers'],
];

interface KnownName {
  readonly id: number;
  readonly lower: string;
  readonly usual: string;
  readonly lowerBytes: Uint8Array;
  readonly usualBytes: Uint8Array;
}

const KNOWN: readonly KnownName[] = USUAL_NAMES.map((usual, index) => {
  const lower = usual.toLowerCase();
  return { id: index + 1, lower, usual, lowerBytes: Buffer.from(lower), usualBytes: Buffer.from(usual) };
});

const SLOTS = 1024;

/** Spreads well enough over length and three letters; a wrong guess only costs one more comparison. */
function slotOf(length: number, first: number, middle: number, last: number): number {
  return (length * 37 + (first | 0x20) * 131 + (middle | 0x20) * 29 + (last | 0x20) * 7) & (SLOTS - 1);
}

const BY_SLOT: readonly (readonly KnownName[])[] = (() => {
  const slots: KnownName[][] = Array.from({ length: SLOTS }, () => []);
  for (const known of KNOWN) {
    const { lower } = known;
    const middle = lower.charCodeAt(lower.length >> 1);
    slots[slotOf(lower.length, lower.charCodeAt(0), middle, lower.charCodeAt(lower.length - 1))]?.push(known);
  }
  return slots;
})();

/** How a known name was written. The code of a name is `id * 4 + variant`, and 0 for a name that is not known. */
const AS_LOWER = 0;
const AS_USUAL = 1;
const AS_OTHER = 2;

/** The code of the name at `buffer[start..end)`, which holds token characters only. 0: not a known name. */
export function nameCode(buffer: Uint8Array, start: number, end: number): number {
  const length = end - start;
  // Reading inside the range is never undefined; the fallbacks only satisfy the compiler.
  const slot = slotOf(length, buffer[start] ?? 0, buffer[start + (length >> 1)] ?? 0, buffer[end - 1] ?? 0);
  const candidates = BY_SLOT[slot];
  if (candidates === undefined) return 0;
  for (let c = 0; c < candidates.length; c++) {
    const known = candidates[c];
    if (known === undefined || known.lowerBytes.length !== length) continue;
    const { lowerBytes, usualBytes } = known;
    let fromLower = 0;
    let fromUsual = 0;
    for (let i = 0; i < length; i++) {
      const byte = buffer[start + i] ?? 0;
      fromLower |= byte ^ (lowerBytes[i] ?? 0);
      fromUsual |= byte ^ (usualBytes[i] ?? 0);
    }
    // Letters differ from their other case by 0x20 alone; no token byte differs so from a digit or a hyphen.
    if ((fromLower & ~0x20) !== 0) continue;
    return known.id * 4 + (fromLower === 0 ? AS_LOWER : fromUsual === 0 ? AS_USUAL : AS_OTHER);
  }
  return 0;
}

/** The shared string for a code, or `undefined` when the name was written in an unusual way or is not known. */
export function nameOfCode(code: number): string | undefined {
  if (code === 0) return undefined;
  const known = KNOWN[(code >> 2) - 1];
  const variant = code & 3;
  return variant === AS_LOWER ? known?.lower : variant === AS_USUAL ? known?.usual : undefined;
}

/** The id of a code; 0 for a name that is not known. */
export function idOfCode(code: number): number {
  return code >> 2;
}

/** The id of a field name in any case; 0 when it is not in the table. For tables built at start, not per message. */
export function fieldNameId(name: string): number {
  const lower = name.toLowerCase();
  return KNOWN.find((known) => known.lower === lower)?.id ?? 0;
}

/** The lower-cased name of an id, or `undefined` for 0 and for numbers outside the table. */
export function fieldNameOf(id: number): string | undefined {
  return KNOWN[id - 1]?.lower;
}

/** Ids are smaller than this: the size for a table indexed by id. */
export const FIELD_ID_COUNT: number = KNOWN.length + 1;
