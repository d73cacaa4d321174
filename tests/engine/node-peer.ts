import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** A server of node:http with an address for everything the peers are asked. */
export interface NodePeer extends AsyncDisposable {
  readonly port: number;
  /** What was posted to `/report`. */
  readonly reports: string[];
}

/** RFC 6455, 1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** @param pages what GET answers with, by path, as HTML or script */
export async function nodePeer(pages: Readonly<Record<string, string>> = {}): Promise<NodePeer> {
  const reports: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer((request, response) => void answer(request, response, pages, reports));
  server.on('upgrade', (request, socket) => {
    sockets.add(socket);
    echoFrames(request, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    reports,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pages: Readonly<Record<string, string>>,
  reports: string[],
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://peer').pathname;
  const page = pages[path];
  if (page !== undefined) {
    response.setHeader('Content-Type', path.endsWith('.js') ? 'text/javascript' : 'text/html');
    response.end(page);
  } else if (path === '/large') response.end(Buffer.alloc(5_000_000, 'x'));
  else if (path === '/chunks') {
    response.writeHead(200, { Trailer: 'X-Sum' });
    for (let count = 0; count < 10; count++) response.write(`${count};`);
    response.addTrailers({ 'X-Sum': '45' });
    response.end();
  } else if (path === '/hints') {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    response.end('hinted');
  } else if (path === '/events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    for (let count = 0; count < 5; count++) {
      response.write(`data: event ${count}\n\n`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    response.end('event: last\ndata: end\n\n');
  } else {
    const parts: Buffer[] = [];
    // A request's body is bytes.
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    if (path === '/report') reports.push(body.toString());
    response.setHeader('X-Method', request.method ?? '');
    response.setHeader('X-Digest', digestOf(body));
    response.end(path === '/echo' ? body : `${request.method} ${request.url} ${body.length}`);
  }
}

/** What a body is compared by. */
export function digestOf(body: Buffer | string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Answers each short masked frame with the same payload; RFC 6455, 5.2. */
function echoFrames(request: IncomingMessage, socket: Duplex): void {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${guid}`).digest('base64');
  socket.on('error', () => undefined);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 6) {
      const first = rest[0] ?? 0;
      const size = (rest[1] ?? 0) & 0x7f;
      if (rest.length < 6 + size) return;
      const payload = Buffer.from(rest.subarray(6, 6 + size).map((byte, at) => byte ^ (rest[2 + (at % 4)] ?? 0)));
      rest = rest.subarray(6 + size);
      socket.write(Buffer.concat([Buffer.of(first, size), payload]));
      // Close is answered, and then the connection ends.
      if ((first & 0x0f) === 8) return void socket.end();
    }
  });
  socket.on('end', () => socket.end());
}
