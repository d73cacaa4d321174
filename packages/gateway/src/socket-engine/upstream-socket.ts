import { Socket, type SocketConstructorOpts } from 'node:net';

/**
 * A connection to an upstream that is read to its end when it can't be written to any more. An upstream may answer early,
 * such as with 413, and close without having read the whole request; the system then refuses what is still written, while
 * the answer waits to be read. Node would throw the answer away with the socket.
 */
export class UpstreamSocket extends Socket {
  #refusal: Error | undefined;

  constructor(options: SocketConstructorOpts) {
    super({ ...options, noDelay: true, allowHalfOpen: true });
  }

  /** Whether the upstream takes no bytes any more. */
  get deaf(): boolean {
    return this.#refusal !== undefined;
  }

  override destroy(error?: Error): this {
    if (error === undefined || !isRefusedWrite(error)) return super.destroy(error);
    this.#refusal ??= error;
    return this;
  }

  /** @param chunk null for the end, which Node keeps to itself after a refused write */
  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (chunk === null && this.#refusal !== undefined) super.destroy(this.#refusal);
    return super.push(chunk, encoding);
  }
}

function isRefusedWrite(error: Error): boolean {
  return 'syscall' in error && error.syscall === 'write';
}
