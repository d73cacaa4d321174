import { createServer, type Server, type Socket } from 'node:net';
import { BodyDecoder, RequestHeadParser } from '@flotilla/http1';
import type { Random } from '../fuzz/random.ts';
import { acceptFor, switchAnswer } from './web-socket.ts';

/** The field with which a client marks its request; the answer's body begins with it. */
export const tokenField = 'x-token';

/** What a body is made of, so that no byte of it can be taken for another's. */
export function bodyOf(token: string): string {
  return `${token};`;
}

/** A server of which nothing can be expected: most answers are right, the others wrong in every way. */
export class ChaosUpstream {
  readonly #random: Random;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  requests = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const bound = this.#server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    const parser = new RequestHeadParser();
    const decoder = new BodyDecoder('request');
    let inBody = false;
    let switched = false;
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk) => {
      if (switched) return this.#echo(socket, chunk);
      let at = 0;
      while (at < chunk.length && socket.writable) {
        if (!inBody) {
          at += parser.push(chunk, at, chunk.length);
          // What the gateway sends is always well-formed: the soak fails on this.
          if (parser.rejection !== undefined) throw new Error(`The gateway sent ${parser.rejection.reason}`);
          if (parser.head === undefined) return;
          decoder.start(parser.head.framing, parser.head.contentLength);
          inBody = true;
          // Some answer before they have read the body, or never read it.
          if (parser.head.framing !== 'none' && this.#random.chance(5)) {
            socket.write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
            return void socket.end();
          }
        }
        let event = decoder.read(chunk, at, chunk.length);
        while (event === 'data') event = decoder.read(chunk, decoder.position, chunk.length);
        at = decoder.position;
        if (event === 'rejected') throw new Error(`The gateway sent ${decoder.rejection?.reason}`);
        if (event === 'need-more') return;
        inBody = false;
        const { head } = parser;
        parser.reset();
        if (head === undefined) return;
        this.requests += 1;
        switched = this.#answer(socket, head.method, head.fields);
        if (switched) return;
      }
    });
  }

  /** True when the protocol was switched. */
  #answer(socket: Socket, method: string, fields: readonly string[]): boolean {
    const random = this.#random;
    const valueOf = (name: string): string =>
      fields[fields.findIndex((field, at) => at % 2 === 0 && field.toLowerCase() === name) + 1] ?? '';
    const token = valueOf(tokenField);
    if (valueOf('upgrade') === 'websocket' && random.chance(80)) {
      socket.write(switchAnswer(acceptFor(valueOf('sec-websocket-key'))));
      return true;
    }
    const body = bodyOf(token).repeat(random.pick([1, 2, 100, 2_000, 40_000]));
    const content = method === 'HEAD' ? '' : body;
    const kind = random.below(100);
    if (random.chance(5)) socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n');
    if (kind < 45) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${content}`);
    else if (kind < 65) {
      const last = random.chance(50) ? '0\r\nX-Sum: 1\r\n\r\n' : '0\r\n\r\n';
      const chunks = `${body.length.toString(16)}\r\n${body}\r\n${last}`;
      socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${method === 'HEAD' ? '' : chunks}`);
    } else if (kind < 70) socket.end(`HTTP/1.0 200 OK\r\n\r\n${content}`);
    else if (kind < 74) socket.write('HTTP/1.1 204 No Content\r\n\r\n');
    else if (kind < 77) socket.write('HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n');
    else if (kind < 81) socket.resetAndDestroy();
    else if (kind < 84) socket.end();
    else if (kind < 87) {
      // Stalls, before the head or within the body.
      if (random.chance(50)) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length + 5}\r\n\r\n${content}`);
    } else if (kind < 90) socket.write(random.text(random.below(300) + 1, 'HTP/1. 20OK\r\n\0:abc'));
    else if (kind < 94) {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length + 5}\r\n\r\n${content}`);
      setImmediate(() => (random.chance(50) && socket.writable ? socket.resetAndDestroy() : socket.end()));
    } else if (kind < 97) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${content}poison`);
    else socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    return false;
  }

  #echo(socket: Socket, chunk: Buffer): void {
    // Node never closes a socket that is reset while it is ending.
    if (!socket.writable) return;
    const kind = this.#random.below(20);
    if (kind === 0) socket.resetAndDestroy();
    else if (kind === 1) socket.end(chunk);
    else socket.write(chunk);
  }
}
