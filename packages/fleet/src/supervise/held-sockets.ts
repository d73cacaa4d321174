/** A second handle of a listening socket: keeps the socket open, and can be handed to another process. */
export interface SocketHandle {
  close(): void;
}

/**
 * The listening sockets that a process has handed over to be kept. They outlive it: who connects while it is started again
 * waits in the socket's queue for its successor, instead of being refused.
 */
export class HeldSockets {
  readonly #held = new Map<string, SocketHandle>();
  #ended = false;

  /** Each with the key that the process knows it by. */
  get all(): readonly (readonly [string, SocketHandle])[] {
    return [...this.#held];
  }

  keep(key: string, socket: SocketHandle): void {
    if (this.#ended) return socket.close();
    this.#held.get(key)?.close();
    this.#held.set(key, socket);
  }

  /** Lets go of those that the process does not listen on any more. */
  keepOnly(keys: readonly unknown[]): void {
    for (const [key] of this.all) if (!keys.includes(key)) this.#close(key);
  }

  /** Lets go of all: nobody will come soon, and whoever connects had better know. */
  release(): void {
    for (const [key] of this.all) this.#close(key);
  }

  /** Lets go of all, and takes no more: the process is to stop. */
  end(): void {
    this.#ended = true;
    this.release();
  }

  #close(key: string): void {
    this.#held.get(key)?.close();
    this.#held.delete(key);
  }
}
