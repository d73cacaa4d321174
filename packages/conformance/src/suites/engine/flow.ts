import { connect, createServer, type Socket } from 'node:net';
import { loopTurn } from './pieces.ts';

const block = Buffer.alloc(65_536, 'x');

/** Writes without end, as fast as the peer takes it, and counts what it took. Stops when the socket closes. */
export class Source {
  readonly #socket: Socket;
  #written = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('drain', () => this.#write());
    this.#write();
  }

  /** Bytes that have left this process' memory: what is between here and the receiver. */
  get takenBytes(): number {
    return this.#written - this.#socket.writableLength;
  }

  #write(): void {
    while (!this.#socket.destroyed) {
      this.#written += block.length;
      if (!this.#socket.write(block)) return;
    }
  }
}

/** Waits until `source` has not moved for many turns of the event loop: everything on the way is full. */
export async function stalled(source: Source): Promise<void> {
  for (let quiet = 0, before = -1; quiet < 300; quiet++) {
    if (source.takenBytes !== before) quiet = 0;
    before = source.takenBytes;
    await loopTurn();
  }
}

/** A server whose sockets are handed over as they come. */
export async function socketServer(
  onSocket: (socket: Socket) => void,
): Promise<AsyncDisposable & { readonly address: string; readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  return {
    address: '127.0.0.1',
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A plain connection, for what a client with a memory is too slow for. */
export function plainConnection(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
