import { Socket, type SocketConstructorOpts } from 'node:net';

/** What Node keeps of a stream's two sides. Only a constructor's option says so much, and `net.Socket` overrides that. */
interface StreamStates {
  readonly _readableState: { autoDestroy: boolean };
  readonly _writableState: { autoDestroy: boolean };
}

/**
 * A socket for an upstream that is read to its end when it can't be written to any more. An upstream may answer early,
 * such as with 413, and close without having read the whole request; the system then refuses what is still written, while
 * the answer waits to be read. Node would throw the answer away with the socket.
 *
 * `errored` says whether it takes bytes no more. It is no class of its own: then all of Node's stream code would see two
 * kinds of sockets, which costs 3 % of the CPU of a small request.
 */
export function createUpstreamSocket(options: SocketConstructorOpts): Socket {
  const socket = new Socket({ ...options, noDelay: true, allowHalfOpen: true });
  const { _readableState: readable, _writableState: writable } = socket as Socket & StreamStates;
  readable.autoDestroy = false;
  writable.autoDestroy = false;
  socket.on('error', (error) => {
    if (!socket.destroyed) destroyAtEnd(socket, error);
  });
  return socket;
}

/** Of a socket that has told both its ends: nothing more will come, and Node was told not to close it by itself. */
export function destroyIfOver(socket: Socket): void {
  if (socket.readableEnded && socket.writableFinished) socket.destroy();
}

/** Node keeps the end of what is read to itself after a refused write. */
function destroyAtEnd(socket: Socket, refusal: Error): void {
  const { push } = socket;
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk === null) socket.destroy(refusal);
    return push.call(socket, chunk, encoding);
  };
}
