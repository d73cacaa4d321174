/** The fields with which a client opens a WebSocket; the key is the one of RFC 6455, 1.3. */
export const webSocketOffer: string =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

/** What proves that the answer is to that key, without its line end. */
export const webSocketAccept = 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

/** The answer that opens the WebSocket. */
export const webSocketSwitch: string = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${webSocketAccept}\r\n\r\n`;
