import type { Socket } from 'node:net';
import { BodyDecoder, type RequestHead as ParsedHead, type Rejection, RequestHeadParser } from '@flotilla/http1';
import type { HeaderList } from '../headers/header-list.ts';
import { type AnswerConnection, AnswerWriter } from './answer-writer.ts';
import { maxUnsentBytes } from './back-pressure.ts';
import type { ClientSettings } from './client-settings.ts';
import type { AnswerHead, ClientSide, ClientTunnel, Exchange } from './client-side.ts';
import { type ConnectionFacts, incomingRequest } from './incoming-request.ts';
import { Deadline } from './timer-wheel.ts';
import type { TunnelEnd } from './tunnel-end.ts';

/**
 * Where a client's connection is.
 * - `head`: between requests, or within a head.
 * - `body`: an exchange is on and its request's body is arriving.
 * - `wait`: an exchange is on and its request has arrived; what comes now is the next request, kept for later.
 * - `tunnel`: after 101.
 * - `lingering`: the last answer is written and our side closed; what still comes is read and thrown away, because
 *   closing with unread bytes would make the system reset the connection and take the answer from the client.
 * - `closed`.
 */
export type ClientState = 'head' | 'body' | 'wait' | 'tunnel' | 'lingering' | 'closed';

/** What is kept of requests sent ahead before the connection is no longer read. */
const maxPipelinedBytes = 65_536;
const lingerMs = 1_000;

/** One client connection speaking HTTP/1: reads requests one after the other and gives each to an exchange. */
export class ClientConnection implements ClientSide {
  readonly #settings: ClientSettings;
  readonly #socket: Socket;
  readonly #deadline: Deadline;
  readonly #parser: RequestHeadParser;
  readonly #body: BodyDecoder;
  readonly #writer: AnswerWriter;
  readonly #facts: ConnectionFacts;
  #state: ClientState = 'head';
  #exchange: Exchange | undefined;
  #tunnel: TunnelEnd | undefined;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #reading = false;
  #paused = false;
  #closeAfter = false;
  #requestStartedAtMs = -1;
  /** What had not left when the deadline was set that is about it. */
  #unsentBefore = 0;
  #gone = false;

  constructor(socket: Socket, settings: ClientSettings) {
    this.#socket = socket;
    this.#settings = settings;
    this.#deadline = new Deadline(() => this.#onDeadline());
    this.#parser = new RequestHeadParser(settings.parserLimits);
    this.#body = new BodyDecoder('request', settings.parserLimits);
    this.#writer = new AnswerWriter(socket, settings.dates, settings.batch);
    this.#facts = {
      scheme: settings.scheme,
      remoteAddress: socket.remoteAddress ?? '',
      authority: settings.ownAuthority(socket),
    };
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('drain', () => this.#onDrain());
    socket.on('end', () => this.#onSocketEnd());
    // 'close' follows and tells; without a listener an error would end the process.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#onClose());
    settings.clock.refresh();
    settings.wheel.set(this.#deadline, settings.timeouts.headMs);
  }

  /** Whether no exchange is on and no byte of the next request has come. */
  get idle(): boolean {
    return this.#state === 'head' && !this.#parser.begun;
  }

  /** Read through a getter where a call in between may have changed it, which the compiler can't see. */
  get state(): ClientState {
    return this.#state;
  }

  /**
   * Closes after the answer under way. When idle, a request may already be on its way: it is waited for a moment, and
   * answered.
   */
  drain(): void {
    this.#closeAfter = true;
    if (this.idle) this.setDeadline(this.#settings.timeouts.drainIdleMs);
  }

  /** Cuts the connection. The exchange under way ends as if the client had left. */
  destroy(): void {
    // What has been answered so far must not pass for the whole.
    if (this.#exchange !== undefined && this.#tunnel === undefined) this.#settings.cutSocket(this.#socket);
    else {
      this.#writer.writeReady();
      this.#socket.destroy();
    }
    this.#onClose();
  }

  // ---- For the exchange ----

  sendInterim(status: number, fields: HeaderList): void {
    if (this.#writer.minor === 1) this.#writer.interim(status, fields);
  }

  sendHead(head: AnswerHead): void {
    // A request whose body has not arrived leaves bytes behind that nobody will read.
    if (this.#state === 'body' || this.#settings.draining()) this.#closeAfter = true;
    this.#writer.head(head, this.#connectionFor(head));
  }

  sendBody(chunk: Buffer, start: number, end: number, lent: boolean): boolean {
    return this.#writer.body(chunk, start, end, lent);
  }

  discard(): void {
    this.#writer.discard();
  }

  flush(): boolean {
    this.#writer.flush();
    return this.#socket.writableLength < maxUnsentBytes;
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  sendEnd(trailers: HeaderList): void {
    this.#writer.end(trailers);
    if (this.#writer.endsWithClose) this.#closeAfter = true;
  }

  cut(): void {
    this.#closeAfter = true;
    this.#state = 'closed';
    this.#settings.cutSocket(this.#socket);
  }

  pauseBody(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resumeBody(): void {
    if (!this.#paused || this.#pendingBytes >= maxPipelinedBytes) return;
    this.#paused = false;
    this.#socket.resume();
  }

  setDeadline(delayMs: number): void {
    this.#settings.wheel.set(this.#deadline, delayMs);
  }

  exchangeDone(): void {
    this.#exchange = undefined;
    this.#tunnel = undefined;
    if (this.#state === 'closed' || this.#state === 'tunnel') {
      this.#settings.wheel.clear(this.#deadline);
      return;
    }
    if (this.#closeAfter || this.#state === 'body') return this.#linger();
    this.#state = 'head';
    this.#parser.reset();
    this.#unsentBefore = this.#socket.writableLength;
    this.setDeadline(this.#settings.timeouts.keepAliveIdleMs);
    if (this.#pendingBytes === 0) this.resumeBody();
    else if (!this.#reading) this.#readPending();
  }

  switchProtocol(fields: HeaderList, peer: TunnelEnd): ClientTunnel {
    const socket = this.#socket;
    this.#writer.switch(fields);
    this.#state = 'tunnel';
    this.#tunnel = peer;
    const early = this.#takePending();
    if (early.length > 0) peer.onPeerBytes(early);
    socket.resume();
    return {
      write: (bytes) => void socket.write(bytes),
      get backedUp() {
        return socket.writableLength >= maxUnsentBytes;
      },
      pause: () => void socket.pause(),
      resume: () => void socket.resume(),
      end: () => void socket.end(),
      destroy: () => void socket.destroy(),
    };
  }

  // ---- From the socket ----

  #onData(chunk: Buffer): void {
    this.#settings.clock.refresh();
    if (this.#state === 'wait' || this.#pendingBytes > 0) return this.#keep(chunk);
    this.#read(chunk);
  }

  #keep(bytes: Buffer): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= maxPipelinedBytes) this.pauseBody();
  }

  #takePending(): Buffer {
    const [first] = this.#pending;
    const bytes = this.#pending.length === 1 && first !== undefined ? first : Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    return bytes;
  }

  #readPending(): void {
    const bytes = this.#takePending();
    this.resumeBody();
    this.#read(bytes);
  }

  /** Reads what has come, as far as the state allows; one exchange may end and the next begin within it. */
  #read(chunk: Buffer): void {
    this.#reading = true;
    const end = chunk.length;
    let at = 0;
    while (at < end) {
      if (this.#state === 'head') {
        at = this.#readHead(chunk, at, end);
      } else if (this.#state === 'body') {
        at = this.#readBody(chunk, at, end);
      } else if (this.#state === 'tunnel') {
        this.#tunnel?.onPeerBytes(chunk.subarray(at));
        break;
      } else {
        if (this.#state === 'wait') this.#keep(chunk.subarray(at));
        break;
      }
    }
    this.#reading = false;
    // An exchange that ended while this was read left the rest to us.
    if (this.#state === 'head' && this.#pendingBytes > 0) this.#readPending();
  }

  #readHead(chunk: Buffer, at: number, end: number): number {
    const parser = this.#parser;
    const first = !parser.begun;
    if (first) this.#requestStartedAtMs = this.#settings.clock.monotonicMs();
    const next = at + parser.push(chunk, at, end);
    if (parser.state === 'need-more') {
      if (first) this.setDeadline(this.#settings.timeouts.headMs);
      return end;
    }
    if (parser.rejection !== undefined) {
      this.#refuse(parser.rejection);
      return end;
    }
    if (parser.head === undefined) return end;
    this.#begin(parser.head);
    // Read again: what was begun may have ended within the call.
    const { state } = this;
    if (state === 'body') return this.#readBody(chunk, next, end, true);
    return next;
  }

  #begin(parsed: ParsedHead): void {
    this.#writer.begin(parsed.minor);
    // What follows a CONNECT may be meant for its tunnel, which it does not get, and must not be read as a request.
    this.#closeAfter = !parsed.keepAlive || parsed.method === 'CONNECT' || this.#settings.draining();
    const incoming = incomingRequest(parsed, parsed.minor === 1 ? '1.1' : '1.0', this.#facts);
    this.#state = 'wait';
    if (parsed.framing !== 'none') {
      this.#body.start(parsed.framing, parsed.contentLength);
      this.#state = 'body';
    }
    const exchange = this.#settings.exchangeFor(this, incoming, parsed, this.#requestStartedAtMs);
    this.#exchange = exchange;
    if (this.#state === 'wait') exchange.start();
  }

  /** @param starting the exchange has not been started: it is once all that came with the head is handed over */
  #readBody(chunk: Buffer, from: number, end: number, starting = false): number {
    const body = this.#body;
    const exchange = this.#exchange;
    if (exchange === undefined) return end;
    let event = body.read(chunk, from, end);
    while (event === 'data') {
      exchange.onRequestBody(chunk.subarray(body.dataStart, body.dataEnd));
      event = body.read(chunk, body.position, end);
    }
    if (event === 'end') {
      if (this.#state === 'body') this.#state = 'wait';
      exchange.onRequestEnd(body.trailers);
    } else if (event === 'rejected') {
      const rejection = body.rejection;
      exchange.onRequestInvalid(rejection?.status ?? 400, rejection?.reason ?? '', rejection?.detail ?? '');
      // One that is refused anyway has not been answered yet.
      if (starting) exchange.start();
      return end;
    }
    if (starting) exchange.start();
    return body.position;
  }

  #refuse(rejection: Rejection): void {
    this.#writer.begin(1);
    this.#closeAfter = true;
    this.#state = 'wait';
    this.#settings.refuse(this, rejection, this.#requestStartedAtMs);
  }

  #onDrain(): void {
    if (this.#tunnel === undefined) this.#exchange?.onClientWritable();
    else this.#tunnel.onPeerWritable();
  }

  /** The client has sent its last byte. With an exchange on, it has left: nobody else closes while waiting. */
  #onSocketEnd(): void {
    if (this.#tunnel !== undefined) return this.#tunnel.onPeerEnd();
    if (this.#exchange !== undefined || this.#socket.writableLength === 0) return this.destroy();
    // It has been answered, and may be reading what is still leaving.
    if (this.#state !== 'lingering') this.#linger();
  }

  #onClose(): void {
    if (this.#gone) return;
    this.#gone = true;
    const exchange = this.#exchange;
    const tunnel = this.#tunnel;
    this.#state = 'closed';
    this.#exchange = undefined;
    this.#tunnel = undefined;
    this.#pending = [];
    this.#settings.wheel.forget(this.#deadline);
    if (tunnel === undefined) exchange?.onClientGone();
    else tunnel.onPeerClosed();
    this.#settings.closed();
  }

  #onDeadline(): void {
    if (this.#exchange !== undefined) return this.#exchange.onDeadline();
    if (this.#state === 'head' && this.#parser.begun) {
      this.#writer.begin(1);
      this.#closeAfter = true;
      this.#state = 'wait';
      this.#settings.headTimeout(this, this.#requestStartedAtMs);
    } else if (this.#socket.writableLength > 0) this.#onStillUnsent(this.#socket.writableLength);
    // What crosses our end on its way gets no answer, which its sender can see, and may send it again.
    else if (this.#closeAfter && this.idle) this.#linger();
    else this.destroy();
  }

  #connectionFor(head: AnswerHead): AnswerConnection {
    if (this.#closeAfter) return 'close';
    // Without a length HTTP/1.0 has no other end of a body than that of the connection.
    if (this.#writer.minor === 0) return head.hasBody && head.contentLength < 0 ? 'close' : 'keep-alive';
    return 'none';
  }

  /** The answer is given, but the client has not taken it all: it may be slow, as long as it takes something. */
  #onStillUnsent(bytes: number): void {
    if (bytes < this.#unsentBefore) {
      this.#unsentBefore = bytes;
      return this.setDeadline(this.#settings.timeouts.writeProgressMs);
    }
    this.#settings.cutSocket(this.#socket);
    this.#onClose();
  }

  /** Closes our side, and reads on for a moment so that the client gets to see the answer. */
  #linger(): void {
    this.#state = 'lingering';
    this.#writer.flush();
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#paused = false;
    this.#socket.resume();
    this.#unsentBefore = this.#socket.writableLength;
    if (this.#unsentBefore === 0) {
      this.#socket.end();
      return this.setDeadline(lingerMs);
    }
    // The moment begins when all has left.
    this.setDeadline(this.#settings.timeouts.writeProgressMs);
    this.#socket.end(() => {
      if (this.#state === 'lingering') this.setDeadline(lingerMs);
    });
  }
}
