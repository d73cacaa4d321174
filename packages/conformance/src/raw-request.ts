/** One request as its bytes came in. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  /** Request line and field lines, without the empty line. */
  readonly head: string;
  /** The fields by lower-case name; the last of a repeated one. Read `head` where that matters. */
  readonly headers: ReadonlyMap<string, string>;
  /** The body's bytes on the wire; with chunked coding the chunk lines are still in it. */
  readonly body: Buffer;
  readonly raw: Buffer;
}

/**
 * The request that `bytes` begin with, or undefined while it is incomplete. Made for well-formed requests: what is
 * under test sends them, and a test that expects malformed ones reads `received` instead.
 */
export function takeRequest(bytes: Buffer): RawRequest | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const [requestLine = '', ...fieldLines] = head.split('\r\n');
  const [method = '', target = ''] = requestLine.split(' ');
  const headers = new Map<string, string>();
  for (const line of fieldLines) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const bodyStart = headEnd + 4;
  const end = headers.get('transfer-encoding')?.toLowerCase().endsWith('chunked')
    ? chunkedEnd(bytes, bodyStart)
    : bodyStart + Number(headers.get('content-length') ?? 0);
  if (end === undefined || end > bytes.length) return undefined;
  return { method, target, head, headers, body: bytes.subarray(bodyStart, end), raw: bytes.subarray(0, end) };
}

function chunkedEnd(bytes: Buffer, start: number): number | undefined {
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    at = lineEnd + 2;
    if (size === 0) break;
    at += size + 2;
    if (at > bytes.length) return undefined;
  }
  // Trailer fields, if any, end with an empty line.
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    if (lineEnd === at) return lineEnd + 2;
    at = lineEnd + 2;
  }
}
