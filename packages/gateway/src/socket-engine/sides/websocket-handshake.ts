import { createHash } from 'node:crypto';
import type { ParsedRequestHead } from '@flotilla/http1';
import { type HeaderList, headerValues } from '../../headers/header-list.ts';

/** RFC 6455, 1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** 16 bytes in base64. */
const keyPattern = /^[A-Za-z0-9+/]{22}==$/;

/**
 * Whether the request opens a WebSocket as RFC 6455, 4.1 has it. Any other offer is not passed on: an upstream that
 * takes it all the same would speak a protocol of which the gateway knows no beginning.
 */
export function opensWebSocket(head: ParsedRequestHead): boolean {
  if (head.upgrade.length !== 1 || head.upgrade[0] !== 'websocket') return false;
  // What follows the head must be the new protocol's, not a body. Some clients say so with a length of zero.
  if (head.method !== 'GET' || head.framing === 'chunked' || head.contentLength > 0) return false;
  return handshakeKey(head.fields) !== undefined && isOnly(head.fields, 'sec-websocket-version', '13');
}

/** Whether a 101 proves that the upstream read the handshake of this request, and is not a 101 somebody else wrote. */
export function acceptsWebSocket(request: HeaderList, response: HeaderList): boolean {
  const key = handshakeKey(request);
  if (key === undefined) return false;
  const accept = createHash('sha1').update(`${key}${guid}`).digest('base64');
  return isOnly(response, 'sec-websocket-accept', accept);
}

function handshakeKey(fields: HeaderList): string | undefined {
  const [key, second] = headerValues(fields, 'sec-websocket-key');
  return key !== undefined && second === undefined && keyPattern.test(key) ? key : undefined;
}

function isOnly(fields: HeaderList, lowerName: string, value: string): boolean {
  const values = headerValues(fields, lowerName);
  return values.length === 1 && values[0] === value;
}
