import { createHash } from 'node:crypto';

/** RFC 6455, 1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The fields of a client that opens a WebSocket. */
export const offer: string =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

export function acceptFor(key: string): string {
  return createHash('sha1').update(`${key}${guid}`).digest('base64');
}

export function switchAnswer(accept: string): string {
  return `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
}
