import { type OnReadOpts, Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';

/** Where an upstream listens. */
export interface DialedPlace {
  readonly address: string;
  readonly port: number;
}

/** Opens connections to upstreams. */
export interface Dialer {
  readonly scheme: 'http' | 'https';
  /** The event of its sockets that tells that requests may be written. */
  readonly ready: 'connect' | 'secureConnect';
  /**
   * @param onread where bytes are read to, and who is told. Such a socket is read to its end, whatever becomes of what is
   * written; without it the socket is a stream like any other.
   */
  dial(place: DialedPlace, onread?: OnReadOpts): Socket;
}

/** Speaks TCP. */
export const plainDialer: Dialer = {
  scheme: 'http',
  ready: 'connect',
  dial({ address, port }, onread) {
    const socket = new Socket(onread === undefined ? {} : { onread, allowHalfOpen: true });
    if (onread !== undefined) readToEnd(socket);
    socket.setNoDelay(true);
    return socket.connect({ host: address, port });
  },
};

/**
 * Speaks TLS. An upstream has to prove who it is, by its address unless `options` name a `servername`.
 *
 * @param options as Node takes them: `ca`, `servername`, a certificate of the gateway's own
 */
export function tlsDialer(options: Omit<ConnectionOptions, 'host' | 'port' | 'socket'>): Dialer {
  return {
    scheme: 'https',
    ready: 'secureConnect',
    dial({ address, port }, onread) {
      const reading = onread === undefined ? {} : { onread, allowHalfOpen: true };
      const all: TlsDialOptions = { ...options, ...reading, host: address, port };
      const socket: TLSSocket = connectTls(all);
      if (onread !== undefined) readToEnd(socket);
      return socket.setNoDelay(true);
    },
  };
}

/** What `tls.connect` takes beside what its types say. */
interface TlsDialOptions extends ConnectionOptions {
  allowHalfOpen?: boolean;
  onread?: OnReadOpts;
}

/** What Node keeps of a stream's two sides. Only a constructor's option says so much, and `net.Socket` overrides that. */
interface StreamStates {
  readonly _readableState: { autoDestroy: boolean };
  readonly _writableState: { autoDestroy: boolean };
}

/**
 * Makes a socket read to its end when it can't be written to any more. An upstream may answer early, such as with 413, and
 * close without having read the whole request; the system then refuses what is still written, while the answer waits to be
 * read. Node would throw the answer away with the socket.
 *
 * `errored` says whether it takes bytes no more. It is no class of its own: then all of Node's stream code would see two
 * kinds of sockets, which costs 3 % of the CPU of a small request.
 */
function readToEnd(socket: Socket): void {
  const { _readableState: readable, _writableState: writable } = socket as Socket & StreamStates;
  readable.autoDestroy = false;
  writable.autoDestroy = false;
  socket.on('error', (error) => {
    if (!socket.destroyed) destroyAtEnd(socket, error);
  });
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
