import { connect, type Socket } from 'node:net';

/** How an exchange ended. */
export type Answer = { readonly kind: 'ok' } | { readonly kind: 'failed'; readonly reason: string };

/**
 * A client's connection that has one request at a time under way and reads just enough of the answer to know that it
 * is complete. It opens itself again when it was closed.
 */
export class HttpConnection {
  readonly #port: number;
  readonly #request: Buffer;
  #socket: Socket | undefined;
  #done: ((answer: Answer) => void) | undefined;
  #head = '';
  /** Bytes of the body still to come; undefined while the head is read. */
  #left: number | undefined;
  #ok = false;

  constructor(port: number, path: string) {
    this.#port = port;
    this.#request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  }

  get open(): boolean {
    return this.#socket !== undefined && !this.#socket.destroyed;
  }

  send(done: (answer: Answer) => void): void {
    this.#done = done;
    this.#head = '';
    this.#left = undefined;
    this.#socket ??= this.#connect();
    this.#socket.write(this.#request);
  }

  close(): void {
    this.#done = undefined;
    this.#socket?.destroy();
  }

  #connect(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    socket.on('data', (chunk) => this.#onData(chunk));
    socket.on('error', (error) => this.#end({ kind: 'failed', reason: error.message }));
    socket.on('close', () => {
      this.#socket = undefined;
      this.#end({ kind: 'failed', reason: 'closed before the answer was complete' });
    });
    return socket;
  }

  #onData(chunk: Buffer): void {
    if (this.#left !== undefined) {
      this.#take(chunk.length);
      return;
    }
    this.#head += chunk.toString('latin1');
    const end = this.#head.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#head)?.[1];
    this.#ok = this.#head.startsWith('HTTP/1.1 200 ') && length !== undefined;
    this.#left = Number(length ?? 0);
    this.#take(this.#head.length - end - 4);
  }

  #take(bytes: number): void {
    this.#left = (this.#left ?? 0) - bytes;
    if (this.#left > 0) return;
    const ok = this.#ok && this.#left === 0;
    this.#end(ok ? { kind: 'ok' } : { kind: 'failed', reason: `answer: ${this.#head.slice(0, 60).split('\r\n')[0]}` });
  }

  #end(answer: Answer): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(answer);
  }
}
