import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import type { ConnectionPlace } from '../client/client-admission.ts';
import type { AcceptedConnection } from '../client/client-listener.ts';
import type { KeyPair, TlsCertificate } from './tls-certificate.ts';
import { TlsConnection, type TlsConnectionOptions } from './tls-connection.ts';

/**
 * Does the TLS handshake on connections that a listener of ours has accepted.
 *
 * It is done by a `tls.Server` that never listens: it is given the connections, which is what its `connection` event is
 * documented for. A `TLSSocket` of our own would do the handshake as well, but only those of a server tell errors after
 * it, and only on those does an HTTP/2 session begin.
 */
export class TlsAcceptor {
  readonly #server: Server;
  readonly #options: TlsConnectionOptions;
  /** Connections within their handshake, by their two ends: the server gives a new socket back and not the old. */
  readonly #waiting = new Map<string, TlsConnection>();

  constructor(certificate: TlsCertificate, options: TlsConnectionOptions) {
    this.#options = options;
    this.#server = createServer({ ...contextOptions(certificate.pair), ALPNProtocols: ['h2', 'http/1.1'] });
    certificate.onChange = (pair) => this.#server.setSecureContext(contextOptions(pair));
    this.#server.on('secureConnection', (secured) => this.#onSecured(secured));
    // The client's matter; the socket closes by itself.
    this.#server.on('tlsClientError', () => undefined);
  }

  accept(socket: Socket, place: ConnectionPlace): AcceptedConnection {
    const key = endsOf(socket);
    const connection = new TlsConnection(socket, this.#options, {
      setLongLived: (longLived) => place.setLongLived(longLived),
      release: () => {
        if (this.#waiting.get(key) === connection) this.#waiting.delete(key);
        place.release();
      },
    });
    this.#waiting.set(key, connection);
    this.#server.emit('connection', socket);
    return connection;
  }

  #onSecured(secured: TLSSocket): void {
    const key = endsOf(secured);
    const connection = this.#waiting.get(key);
    this.#waiting.delete(key);
    // Without an address when the client has gone already.
    if (connection === undefined) secured.destroy();
    else connection.serve(secured);
  }
}

function contextOptions({ cert, key }: KeyPair): TlsOptions {
  return { cert, key, minVersion: 'TLSv1.2' };
}

function endsOf(socket: Socket): string {
  return `${socket.localAddress} ${socket.remoteAddress} ${socket.remotePort}`;
}
