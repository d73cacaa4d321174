import type { Socket } from 'node:net';
import type { RawRequest } from './raw-request.ts';
import { takeRequest } from './raw-request.ts';

/** How a connection ended: by the peer's FIN, by its reset or an error, or by our own `destroy`. */
export type ConnectionEnd = 'ended' | 'reset' | 'destroyed';

/** The server's side of one recorded connection. */
export class FakeConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #read = 0;
  #peerEnded = false;
  #failed = false;
  #destroyed = false;
  readonly #wakeUps = new Set<() => void>();
  /** Settles when the connection is fully closed. */
  readonly closed: Promise<ConnectionEnd>;

  constructor(socket: Socket) {
    this.#socket = socket;
    const { promise, resolve } = Promise.withResolvers<ConnectionEnd>();
    this.closed = promise;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('end', () => {
      this.#peerEnded = true;
      this.#wake();
    });
    // A reset is an ordinary event here, told by `closed`.
    socket.on('error', () => {
      this.#failed = true;
    });
    socket.on('close', () => {
      resolve(this.#destroyed ? 'destroyed' : this.#failed || !this.#peerEnded ? 'reset' : 'ended');
      this.#wake();
    });
  }

  /** Everything received so far. */
  get received(): Buffer {
    return this.#received;
  }

  /** Whether the peer has sent its FIN. */
  get peerEnded(): boolean {
    return this.#peerEnded;
  }

  /** Whether the connection is closed in both directions. */
  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  /** The port the peer called from: tells whether two requests came over one connection. */
  get remotePort(): number | undefined {
    return this.#socket.remotePort;
  }

  /** The next whole request, framed by Content-Length or chunked; undefined when the peer went before it was complete. */
  request(): Promise<RawRequest | undefined> {
    return this.#next((unread) => {
      const taken = takeRequest(unread);
      return taken === undefined ? undefined : { value: taken, length: taken.raw.length };
    });
  }

  /** The unread bytes up to and including `text`; undefined when the peer went before sending it. */
  receive(text: string): Promise<Buffer | undefined> {
    return this.#next((unread) => {
      const at = unread.indexOf(text);
      if (at < 0) return undefined;
      const length = at + Buffer.byteLength(text);
      return { value: unread.subarray(0, length), length };
    });
  }

  /** Sends bytes as they are. Text goes out as UTF-8. */
  send(bytes: string | Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  /** Half closes: sends FIN, still receives. */
  end(): void {
    this.#socket.end();
  }

  /** Sends RST, so that the peer sees "connection reset". */
  reset(): void {
    this.#destroyed = true;
    this.#socket.resetAndDestroy();
  }

  /** Stops reading: the peer's writes then fill the buffers and stall. */
  stall(): void {
    this.#socket.pause();
  }

  /** Reads again. */
  resume(): void {
    this.#socket.resume();
  }

  /** Closes both directions at once. */
  destroy(): void {
    this.#destroyed = true;
    this.#socket.destroy();
  }

  async #next<T>(take: (unread: Buffer) => { value: T; length: number } | undefined): Promise<T | undefined> {
    for (;;) {
      const taken = take(this.#received.subarray(this.#read));
      if (taken !== undefined) {
        this.#read += taken.length;
        return taken.value;
      }
      if (this.#peerEnded || this.#socket.destroyed) return undefined;
      await new Promise<void>((resolve) => this.#wakeUps.add(resolve));
    }
  }

  #wake(): void {
    const waiting = [...this.#wakeUps];
    this.#wakeUps.clear();
    for (const resolve of waiting) resolve();
  }
}
