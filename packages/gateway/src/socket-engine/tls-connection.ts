import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { AcceptedConnection } from './client-listener.ts';
import { Deadline, type TimerWheel } from './timer-wheel.ts';
import type { TlsCertificate } from './tls-certificate.ts';

/** What becomes of a connection once its handshake is done. */
export interface TlsProtocols {
  http1(socket: TLSSocket, release: () => void): AcceptedConnection;
  http2(socket: TLSSocket, release: () => void): AcceptedConnection;
}

export interface TlsConnectionOptions {
  readonly certificate: TlsCertificate;
  readonly wheel: TimerWheel;
  /** For the whole handshake. */
  readonly handshakeMs: number;
  readonly protocols: TlsProtocols;
}

/** A client's connection from its first byte on: does the TLS handshake, then hands over to the protocol it chose. */
export class TlsConnection implements AcceptedConnection {
  readonly #socket: TLSSocket;
  readonly #options: TlsConnectionOptions;
  readonly #deadline: Deadline;
  readonly #release: () => void;
  #inner: AcceptedConnection | undefined;
  #draining = false;

  constructor(socket: Socket, options: TlsConnectionOptions, release: () => void) {
    this.#options = options;
    this.#release = release;
    this.#deadline = new Deadline(() => this.#socket.destroy());
    this.#socket = new TLSSocket(socket, {
      isServer: true,
      secureContext: options.certificate.context,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    this.#socket.once('secure', () => this.#onSecure());
    // A failed handshake is the client's matter: 'close' follows.
    this.#socket.on('error', () => undefined);
    this.#socket.once('close', () => this.#onClose());
    options.wheel.set(this.#deadline, options.handshakeMs);
  }

  drain(): void {
    // A handshake under way is finished: its client counts on being served.
    this.#draining = true;
    this.#inner?.drain();
  }

  destroy(): void {
    if (this.#inner === undefined) this.#socket.destroy();
    else this.#inner.destroy();
  }

  #onSecure(): void {
    this.#options.wheel.forget(this.#deadline);
    if (this.#socket.destroyed) return;
    // Only a tls.Server marks its sockets so, and an HTTP/2 session waits for ever on one that is not.
    Reflect.set(this.#socket, 'secureConnecting', false);
    const { http1, http2 } = this.#options.protocols;
    const serve = this.#socket.alpnProtocol === 'h2' ? http2 : http1;
    this.#inner = serve(this.#socket, this.#release);
    if (this.#draining) this.#inner.drain();
  }

  #onClose(): void {
    this.#options.wheel.forget(this.#deadline);
    if (this.#inner === undefined) this.#release();
  }
}
