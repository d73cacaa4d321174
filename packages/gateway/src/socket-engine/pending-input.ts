import type { Socket } from 'node:net';

/** What is kept of requests sent ahead before the connection is no longer read. */
const maxPipelinedBytes = 65_536;

/** What a client has sent behind the request that is being answered; and whether more of it is read. */
export class PendingInput {
  readonly #socket: Socket;
  #parts: Buffer[] = [];
  #bytes = 0;
  #paused = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  get empty(): boolean {
    return this.#bytes === 0;
  }

  /** Keeps bytes for later, and reads no more when it is enough. */
  keep(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= maxPipelinedBytes) this.pause();
  }

  /** All of it, which is then gone from here; reading goes on. */
  take(): Buffer {
    const [first] = this.#parts;
    const bytes = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    this.clear();
    this.resume();
    return bytes;
  }

  clear(): void {
    this.#parts = [];
    this.#bytes = 0;
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused || this.#bytes >= maxPipelinedBytes) return;
    this.#paused = false;
    this.#socket.resume();
  }
}
