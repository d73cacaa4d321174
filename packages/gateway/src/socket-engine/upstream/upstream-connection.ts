import type { Socket } from 'node:net';
import { BodyDecoder, type ResponseHead, ResponseHeadParser } from '@flotilla/http1';
import { dialFailure } from '../../attempt/dial-failure.ts';
import { asksForBoundLogin } from '../../headers/bound-login.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import { BodyMemory } from '../memory/read-memory.ts';
import { ConnectionUse } from '../sides/connection-use.ts';
import type { RequestFacts } from '../sides/incoming-request.ts';
import type { OwnConnections } from '../sides/own-connections.ts';
import { RequestWriter } from '../sides/request-writer.ts';
import type { ResponseSink } from '../sides/response-sink.ts';
import type { TunnelEnd } from '../sides/tunnel-end.ts';
import type { UpstreamSide } from '../sides/upstream-side.ts';
import { Deadline } from '../time/timer-wheel.ts';
import type { TurnClock } from '../time/turn-clock.ts';
import { keepAliveHint } from './keep-alive-hint.ts';
import type { ConnectionOwner, UpstreamConnectionOptions, UpstreamState } from './upstream-connection-options.ts';
import { createUpstreamSocket, destroyIfOver } from './upstream-socket.ts';

/** One TCP connection to one upstream: sends a request at a time and reads its response by the rules of RFC 9112. */
export class UpstreamConnection implements UpstreamSide {
  readonly upstream: Upstream;
  /** Where its requests are written. */
  readonly out: RequestWriter;
  /** For the owner: when the connection has been idle for too long. */
  readonly idleDeadline: Deadline;
  readonly use: ConnectionUse = new ConnectionUse();
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #clock: TurnClock;
  readonly #memory: BodyMemory;
  readonly #parser: ResponseHeadParser;
  readonly #decoder: BodyDecoder;
  /** Whether a login is bound to it: it serves nobody but its keeper's client, and nobody again without a keeper. */
  bound = false;
  keeper: OwnConnections | undefined = undefined;
  #request: RequestFacts;
  #state: UpstreamState = 'connecting';
  #sink: ResponseSink | undefined;
  #tunnel: TunnelEnd | undefined;
  #exchanges = 0;
  #keepAlive = false;
  #keepMs: number | undefined = undefined;
  #responseStarted = false;
  #closeCause: unknown = undefined;

  constructor(options: UpstreamConnectionOptions, sink: ResponseSink, request: RequestFacts) {
    this.upstream = options.upstream;
    this.idleDeadline = new Deadline(() => this.destroy());
    this.#owner = options.owner;
    this.#clock = options.clock;
    this.#memory = new BodyMemory(options.memory);
    this.#parser = new ResponseHeadParser(options.limits);
    this.#decoder = new BodyDecoder('response', options.limits);
    this.#sink = sink;
    this.#request = request;
    this.#parser.expect(request.method, request.offered);
    this.use.begin(request.head, options.clock.monotonicMs());
    const { address: host, port } = options.upstream;
    this.#socket = createUpstreamSocket({
      onread: { buffer: () => this.#memory.piece, callback: (count, buffer) => this.#onRead(count, buffer) },
    });
    this.#socket.connect({ host, port });
    this.out = new RequestWriter(this.#socket, options.batch);
    this.#socket.on('connect', () => this.#onConnect());
    this.#socket.on('drain', () => this.#onDrain());
    this.#socket.on('end', () => this.#onSocketEnd());
    this.#socket.on('error', (cause) => {
      this.#closeCause = cause;
    });
    this.#socket.on('close', () => this.#onClose());
  }

  /** Whether it has served an exchange before this one. */
  get reused(): boolean {
    return this.#exchanges > 0;
  }

  /** Whether a body is on its way: the answer's, or the request's. */
  get flowing(): boolean {
    return this.#state === 'body' || (this.#state === 'head' && !this.out.written);
  }

  /** Starts the next exchange on an idle connection. */
  begin(sink: ResponseSink, request: RequestFacts): void {
    this.#state = 'head';
    this.#sink = sink;
    this.#exchanges += 1;
    this.#responseStarted = false;
    this.out.begin();
    this.#request = request;
    this.#parser.expect(request.method, request.offered);
    if (request.bringsLogin) this.#bind();
    sink.onConnection(this);
  }

  /** Stops reading until {@link resume}: the receiver is slower than the upstream. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Hands all that comes from now on to `tunnel`, after a 101. */
  passTo(tunnel: TunnelEnd): void {
    this.#tunnel = tunnel;
    this.#socket.on('finish', () => destroyIfOver(this.#socket));
  }

  /** Ends our side of a switched connection. */
  end(): void {
    this.#socket.end();
  }

  /** The upstream is not well: tells whoever waits for the first byte of an answer. */
  upstreamSetAside(): void {
    if (!this.#responseStarted) this.#sink?.onSetAside();
  }

  /** Gives the exchange up, or closes an idle connection. Whoever waited hears nothing more. */
  destroy(): void {
    if (this.#state !== 'closed') this.#close();
  }

  #onConnect(): void {
    if (this.#sink === undefined || this.#state !== 'connecting') return;
    this.#state = 'head';
    if (this.#request.bringsLogin) this.#bind();
    this.#sink.onConnection(this);
  }

  #onDrain(): void {
    if (this.#tunnel === undefined) this.#sink?.onWritable();
    else this.#tunnel.onPeerWritable();
  }

  #onRead(count: number, buffer: Uint8Array): boolean {
    this.#clock.refresh();
    // It is the buffer handed in at construction, which is a Buffer.
    const chunk = buffer as Buffer;
    if (this.#tunnel !== undefined) this.#tunnel.onPeerBytes(Buffer.from(chunk.subarray(0, count)));
    else if (this.#sink === undefined) {
      // Bytes that answer no request: whatever they are, nothing on this connection can be trusted any more.
      this.destroy();
    } else if (this.out.waiting) {
      // The same, while the next request is about to leave: it has not, so it may go another way.
      this.#reset();
    } else {
      this.#responseStarted = true;
      this.#read(chunk, count, this.#sink);
    }
    return true;
  }

  #read(chunk: Buffer, count: number, sink: ResponseSink): void {
    let at = 0;
    while (this.#state === 'head' && at < count) {
      at += this.#parser.push(chunk, at, count);
      if (this.#parser.state === 'rejected') return this.#invalid(this.#parser.rejection?.reason ?? 'rejected');
      if (this.#parser.state === 'need-more') return;
      const head = this.#parser.head;
      if (head === undefined) return;
      if (head.informational) {
        sink.onInterim(head);
        this.#parser.reset();
      } else if (head.status === 101) return this.#switch(head, Buffer.from(chunk.subarray(at, count)), sink);
      else this.#beginBody(head, sink);
    }
    if (this.#state === 'body' && !this.#readBody(chunk, at, count, sink)) return;
    if (this.#sink === sink) sink.onReadEnd();
  }

  /** False once the exchange is over for this connection. */
  #readBody(chunk: Buffer, from: number, count: number, sink: ResponseSink): boolean {
    const decoder = this.#decoder;
    const lent = this.#memory.isLent(chunk);
    let event = decoder.read(chunk, from, count);
    while (event === 'data') {
      const kept = sink.onBody(chunk, decoder.dataStart, decoder.dataEnd, lent);
      if (kept) this.#memory.kept(chunk, decoder.receivedBytes);
      if (this.#sink !== sink) return false;
      event = decoder.read(chunk, decoder.position, count);
    }
    if (event === 'need-more') {
      this.#memory.goOn(decoder.receivedBytes);
      return true;
    }
    if (event === 'end') this.#finish(decoder.position === count, decoder.trailers, sink);
    else this.#invalid(decoder.rejection?.reason ?? 'rejected');
    return false;
  }

  #beginBody(head: ResponseHead, sink: ResponseSink): void {
    this.#state = 'body';
    this.#keepAlive = head.keepAlive;
    this.#keepMs = keepAliveHint(head);
    this.#decoder.start(head.framing, head.contentLength);
    if (asksForBoundLogin(head.fields, head.ids)) this.#bind();
    // The client's connection must not outlive the one it is logged in on.
    if (this.bound && !head.keepAlive) this.keeper?.lost(this);
    sink.onHead(head);
  }

  /** A login comes or is asked for that is bound to the connection. Without a keeper it closes after this exchange. */
  #bind(): void {
    this.bound = true;
    this.keeper ??= this.#request.own;
  }

  /** The response is complete. Bytes behind it answer nothing, so such a connection is not used again. */
  #finish(clean: boolean, trailers: HeaderList, sink: ResponseSink): void {
    this.#sink = undefined;
    this.#memory.reset();
    // Nor one on which the request is still leaving: whether the upstream will read it all is not known.
    const sent = this.out.left;
    if (clean && this.#keepAlive && sent && this.#state === 'body') {
      this.#state = 'idle';
      this.#owner.connectionIdle(this, this.#keepMs);
    } else this.destroy();
    sink.onEnd(trailers);
  }

  #switch(head: ResponseHead, rest: Buffer, sink: ResponseSink): void {
    this.#state = 'switched';
    this.#sink = undefined;
    sink.onSwitch(head, this, rest);
  }

  #invalid(reason: string): void {
    const sink = this.#sink;
    this.#close();
    sink?.onFailure({ kind: 'invalid', reason });
  }

  /** The upstream has sent its last byte: the end of a body without other framing, else too early: `close` tells so. */
  #onSocketEnd(): void {
    if (this.#tunnel !== undefined) {
      this.#tunnel.onPeerEnd();
      return destroyIfOver(this.#socket);
    }
    const sink = this.#sink;
    // Between exchanges: at once, so that no request is given to it before `close` is told.
    if (sink === undefined) return this.destroy();
    if (this.#state === 'body' && this.#decoder.finish()) return this.#finish(false, this.#decoder.trailers, sink);
    this.#socket.destroy();
  }

  #onClose(): void {
    this.#tunnel?.onPeerClosed();
    this.#reset();
  }

  /** The connection is lost, for the exchange under way if there is one. */
  #reset(): void {
    const { reused } = this;
    const { bytesSent } = this.out;
    const sink = this.#sink;
    const wasConnecting = this.#state === 'connecting';
    if (this.#state !== 'closed') this.#close();
    if (sink === undefined) return;
    const cause = this.#closeCause;
    if (wasConnecting) sink.onFailure(dialFailure(this.upstream.address, cause));
    else sink.onFailure({ kind: 'reset', reused, responseStarted: this.#responseStarted, bytesSent, cause });
  }

  #close(): void {
    this.#sink = undefined;
    this.out.forget();
    this.#memory.reset();
    this.#state = 'closed';
    this.#socket.destroy();
    this.#owner.connectionClosed(this);
  }
}
