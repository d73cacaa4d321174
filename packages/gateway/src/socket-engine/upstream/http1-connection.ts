import type { Socket } from 'node:net';
import type { ParsedResponseHead } from '@flotilla/http1';
import { dialFailure, type LimitedFailure } from '../../attempt/outcome.ts';
import { asksForBoundLogin } from '../../headers/bound-login.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import { keepAliveMs } from '../../headers/hop-by-hop.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import { maxUnsentBytes } from '../memory/back-pressure.ts';
import type { OwnConnections, OwnConnectionsHolder } from '../sides/own-connections.ts';
import type { AttemptSink } from '../sides/response-sink.ts';
import type { Acquisition } from '../sides/stream-pool.ts';
import { type TunnelEnd, type TunnelSide, tunnelSideOf } from '../sides/tunnel-side.ts';
import type { OutgoingRequest, UpstreamSide } from '../sides/upstream-side.ts';
import { Alarm } from '../time/timer-wheel.ts';
import { type Dialer, destroyIfOver } from './dialer.ts';
import { ConnectionUse } from './held-connections.ts';
import { Http1Reader } from './http1-reader.ts';
import { Http1Writer } from './http1-writer.ts';
import type { PoolSettings } from './pool-settings.ts';

/**
 * Where a connection to an upstream is.
 * - `connecting`: no byte has been exchanged.
 * - `idle`: between two exchanges, in its owner's stack.
 * - `busy`: an exchange is on, be it one that has switched to another protocol.
 * - `closed`: nothing more will happen.
 */
type State = 'connecting' | 'idle' | 'busy' | 'closed';

/** Whose connection it is. */
export interface Http1ConnectionOwner {
  readonly upstream: Upstream;
  readonly settings: PoolSettings;
  readonly dialer: Dialer;
  /** It can serve another exchange. `keepMs`: how long the upstream said it keeps it, if it did. */
  connectionIdle(connection: Http1Connection, keepMs: number | undefined): void;
  connectionClosed(connection: Http1Connection): void;
  /** See {@link UpstreamSide.holdLong}. */
  holdLong(connection: Http1Connection): LimitedFailure | undefined;
}

/** One connection to one upstream: sends a request at a time and reads its response by the rules of RFC 9112. */
export class Http1Connection implements UpstreamSide, Acquisition {
  readonly upstream: Upstream;
  /** For the owner: when the connection has been idle for too long. */
  readonly idleAlarm: Alarm;
  readonly use: ConnectionUse = new ConnectionUse();
  readonly #socket: Socket;
  readonly #owner: Http1ConnectionOwner;
  readonly #writer: Http1Writer;
  readonly #reader: Http1Reader;
  /** Whether a login is bound to it: it serves nobody but its keeper's client, and nobody again without a keeper. */
  bound = false;
  keeper: OwnConnections | undefined = undefined;
  /** Who would keep it, if a login were bound to it now. */
  #holder: OwnConnectionsHolder | undefined;
  #bringsLogin: boolean;
  #state: State = 'connecting';
  #tunnel: TunnelEnd | undefined;
  #exchanges = 0;
  #responseStarted = false;
  #closeCause: unknown = undefined;

  constructor(owner: Http1ConnectionOwner, attempt: AttemptSink, request: OutgoingRequest) {
    const { dialer, settings, upstream } = owner;
    this.upstream = upstream;
    this.idleAlarm = new Alarm(() => this.cancel());
    this.#owner = owner;
    this.#reader = new Http1Reader(settings, (head) => this.#onHead(head));
    this.#reader.expect(attempt, request);
    this.#holder = request.ownHolder;
    this.#bringsLogin = request.bringsLogin;
    this.use.begin(request.onBehalfOf, settings.clock.monotonicMs());
    this.#socket = dialer.dial(upstream, {
      buffer: () => this.#reader.memory.piece,
      callback: (count, buffer) => this.#onRead(count, buffer),
    });
    this.#writer = new Http1Writer(this.#socket, settings.batch);
    this.#socket.on(dialer.ready, () => this.#onReady());
    this.#socket.on('drain', () => this.#onDrain());
    this.#socket.on('end', () => this.#onSocketEnd());
    this.#socket.on('error', (cause) => {
      this.#closeCause = cause;
    });
    this.#socket.on('close', () => this.#onClose());
  }

  /** Whether a body is on its way: the answer's, or the request's. */
  get flowing(): boolean {
    return this.#state === 'busy' && (this.#reader.inBody || !this.#writer.written);
  }

  /** Starts the next exchange on an idle connection. */
  begin(attempt: AttemptSink, request: OutgoingRequest): void {
    this.#state = 'busy';
    this.#exchanges += 1;
    this.#responseStarted = false;
    this.#holder = request.ownHolder;
    this.#writer.begin();
    this.#reader.expect(attempt, request);
    if (request.bringsLogin) this.#bind();
    attempt.onStream(this);
  }

  sendHead(request: OutgoingRequest): void {
    this.#writer.head(request);
  }

  sendBody(bytes: Buffer): void {
    this.#writer.body(bytes);
  }

  sendEnd(trailers: HeaderList): void {
    this.#writer.end(trailers);
  }

  flush(): void {
    this.#socket.uncork();
  }

  get backedUp(): boolean {
    return this.#socket.writableLength >= maxUnsentBytes;
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  holdLong(): LimitedFailure | undefined {
    return this.#owner.holdLong(this);
  }

  openTunnel(peer: TunnelEnd): TunnelSide {
    this.#tunnel = peer;
    this.#socket.on('finish', () => destroyIfOver(this.#socket));
    return tunnelSideOf(this.#socket, () => this.cancel());
  }

  /** It waits for the upstream alone. */
  limitMet(): undefined {
    return undefined;
  }

  /** The upstream is not well: tells whoever waits for the first byte of an answer. */
  upstreamSetAside(): void {
    if (!this.#responseStarted) this.#reader.attempt?.onSetAside();
  }

  /** Gives the exchange up, or closes an idle connection. */
  cancel(): void {
    if (this.#state !== 'closed') this.#close();
  }

  #onReady(): void {
    const { attempt } = this.#reader;
    if (attempt === undefined || this.#state !== 'connecting') return;
    this.#state = 'busy';
    if (this.#bringsLogin) this.#bind();
    attempt.onStream(this);
  }

  #onDrain(): void {
    if (this.#tunnel === undefined) this.#reader.attempt?.response.onWritable();
    else this.#tunnel.onPeerWritable();
  }

  #onRead(count: number, buffer: Uint8Array): boolean {
    this.#owner.settings.clock.refresh();
    const { attempt } = this.#reader;
    // It is the buffer handed in at construction, which is a Buffer.
    const chunk = buffer as Buffer;
    if (this.#tunnel !== undefined) this.#tunnel.onPeerBytes(Buffer.from(chunk.subarray(0, count)));
    else if (attempt === undefined) {
      // Bytes that answer no request: whatever they are, nothing on this connection can be trusted any more.
      this.cancel();
    } else if (this.#writer.waiting) {
      // The same, while the next request is about to leave: it has not, so it may go another way.
      this.#reset();
    } else {
      this.#responseStarted = true;
      this.#read(chunk, count, attempt);
    }
    return true;
  }

  #read(chunk: Buffer, count: number, attempt: AttemptSink): void {
    const reader = this.#reader;
    const reading = reader.read(chunk, count, attempt);
    switch (reading) {
      case 'paused':
        return attempt.response.onReadEnd();
      case 'end':
        return this.#finish(reader.position === count, attempt);
      case 'switch':
        return this.#switch(Buffer.from(chunk.subarray(reader.position, count)), attempt);
      case 'invalid':
        return this.#invalid(reader.reason, attempt);
      case 'in-head':
      case 'given-up':
        return;
      default:
        reading satisfies never;
    }
  }

  #onHead(head: ParsedResponseHead): void {
    if (asksForBoundLogin(head.fields, head.ids)) this.#bind();
    // The client's connection must not outlive the one it is logged in on.
    if (this.bound && !head.keepAlive) this.keeper?.lost(this);
  }

  /** A login comes or is asked for that is bound to the connection. Without a keeper it closes after this exchange. */
  #bind(): void {
    this.bound = true;
    this.keeper ??= this.#holder?.keepOwn();
  }

  /** The response is complete. Bytes behind it answer nothing, so such a connection is not used again. */
  #finish(clean: boolean, attempt: AttemptSink): void {
    const { head, trailers } = this.#reader;
    this.#holder = undefined;
    this.#reader.stop();
    // Nor one on which the request is still leaving: whether the upstream will read it all is not known.
    if (clean && head?.keepAlive === true && this.#writer.left) {
      this.#state = 'idle';
      this.#owner.connectionIdle(this, keepAliveMs(head.fields, head.ids));
    } else this.cancel();
    attempt.onEnd(head?.status ?? 0, trailers);
  }

  #switch(rest: Buffer, attempt: AttemptSink): void {
    const { head } = this.#reader;
    this.#reader.stop();
    if (head !== undefined) attempt.response.onSwitch(head, this, rest);
  }

  #invalid(reason: string, attempt: AttemptSink): void {
    this.#close();
    attempt.onFailure({ kind: 'invalid', reason });
  }

  /** The upstream has sent its last byte: the end of a body without other framing, else too early: `close` tells so. */
  #onSocketEnd(): void {
    if (this.#tunnel !== undefined) {
      this.#tunnel.onPeerEnd();
      return destroyIfOver(this.#socket);
    }
    const { attempt } = this.#reader;
    // Between exchanges: at once, so that no request is given to it before `close` is told.
    if (attempt === undefined) return this.cancel();
    if (this.#reader.finish()) return this.#finish(false, attempt);
    this.#socket.destroy();
  }

  #onClose(): void {
    this.#tunnel?.onPeerClosed();
    this.#reset();
  }

  /** The connection is lost, for the exchange under way if there is one. */
  #reset(): void {
    const reused = this.#exchanges > 0;
    const { bytesSent } = this.#writer;
    const { attempt } = this.#reader;
    const wasConnecting = this.#state === 'connecting';
    if (this.#state !== 'closed') this.#close();
    if (attempt === undefined) return;
    const cause = this.#closeCause;
    if (wasConnecting) attempt.onFailure(dialFailure(this.upstream.address, cause));
    else attempt.onFailure({ kind: 'reset', reused, responseStarted: this.#responseStarted, bytesSent, cause });
  }

  #close(): void {
    this.#reader.stop();
    this.#writer.forget();
    this.#state = 'closed';
    this.#socket.destroy();
    this.#owner.connectionClosed(this);
  }
}
