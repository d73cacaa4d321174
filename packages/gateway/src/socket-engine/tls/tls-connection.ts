import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ConnectionPlace } from '../client/client-admission.ts';
import type { AcceptedConnection } from '../client/client-listener.ts';
import { Alarm, type TimerWheel } from '../time/timer-wheel.ts';
import type { TurnClock } from '../time/turn.ts';

export interface TlsConnectionOptions {
  readonly wheel: TimerWheel;
  readonly clock: TurnClock;
  /** For the whole handshake. */
  readonly handshakeMs: number;
  /** For what is left of it when the engine drains. */
  readonly drainIdleMs: number;
  /** Takes over once the handshake is done. `socket`: the connection below, which gives its `place` back itself. */
  serve(secured: TLSSocket, socket: Socket, place: ConnectionPlace): AcceptedConnection;
}

/** A client's connection from its first byte on: within its handshake, then in the hands of the protocol it chose. */
export class TlsConnection implements AcceptedConnection {
  readonly #socket: Socket;
  readonly #options: TlsConnectionOptions;
  readonly #place: ConnectionPlace;
  readonly #alarm: Alarm;
  #inner: AcceptedConnection | undefined;
  #draining = false;

  constructor(socket: Socket, options: TlsConnectionOptions, place: ConnectionPlace) {
    this.#place = place;
    this.#options = options;
    this.#socket = socket;
    this.#alarm = new Alarm(() => socket.destroy());
    // A client that ends within its handshake has left; afterwards its end is for the protocol to judge.
    socket.allowHalfOpen = false;
    socket.on('error', () => undefined);
    socket.once('close', () => {
      options.wheel.forget(this.#alarm);
      place.release();
    });
    options.clock.refresh();
    options.wheel.set(this.#alarm, options.handshakeMs);
  }

  /** The handshake is done. */
  serve(secured: TLSSocket): void {
    this.#options.wheel.forget(this.#alarm);
    secured.allowHalfOpen = true;
    // A record that is no TLS: nothing that follows can be trusted, and Node leaves the connection open.
    secured.on('error', () => secured.destroy());
    this.#inner = this.#options.serve(secured, this.#socket, this.#place);
    if (this.#draining) this.#inner.drain();
  }

  drain(): void {
    // A handshake under way is finished: its client counts on being served.
    this.#draining = true;
    if (this.#inner !== undefined) return this.#inner.drain();
    this.#options.clock.refresh();
    this.#options.wheel.set(this.#alarm, this.#options.drainIdleMs);
  }

  destroy(): void {
    if (this.#inner === undefined) this.#socket.destroy();
    else this.#inner.destroy();
  }
}
