import type { StatusName } from './status-codes.ts';

/** How a call ended, as it is sent. */
export interface CallStatus {
  readonly status: StatusName;
  /** What the caller reads; empty with `OK`. */
  readonly message: string;
  /** A `google.rpc.Status` with details, encoded. Default: none. */
  readonly details?: Uint8Array | undefined;
}

/**
 * A status's message as a header value: gRPC encodes everything but printable ASCII, and `%`, as percent and two hex digits
 * per byte of UTF-8.
 */
export function encodeStatusMessage(message: string): string {
  if (/^[\x20-\x24\x26-\x7e]*$/.test(message)) return message;
  let encoded = '';
  for (const byte of Buffer.from(message))
    encoded +=
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return encoded;
}

/** The message that a header value encodes. What is not valid stays as it is: a message must never be lost. */
export function decodeStatusMessage(value: string): string {
  if (!value.includes('%')) return value;
  const bytes = Buffer.from(
    value.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => latin1(hex)),
    'latin1',
  );
  return bytes.toString('utf8');
}

function latin1(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
