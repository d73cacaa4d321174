import type { Socket } from 'node:net';
import { BodyDecoder, type ParsedRequestHead, RequestHeadParser } from '@flotilla/http1';
import type { ClientLoss } from '../../exchange/exchange-record.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import { maxUnsentBytes } from '../memory/back-pressure.ts';
import type { AnswerHead, ClientSide, RequestSink } from '../sides/client-side.ts';
import { type ConnectionFacts, connectionFacts, incomingRequest } from '../sides/incoming-request.ts';
import { OwnConnections } from '../sides/own-connections.ts';
import { type TunnelEnd, type TunnelSide, tunnelThrough } from '../sides/tunnel-side.ts';
import { Alarm } from '../time/timer-wheel.ts';
import { AnswerWriter } from './answer-writer.ts';
import type { ClientSettings, ClientState } from './client-settings.ts';
import { Farewell } from './farewell.ts';
import { HalfClosedClient } from './half-closed-client.ts';
import { PendingInput } from './pending-input.ts';
import { relayRequestBody } from './relay-request-body.ts';

/** One client connection speaking HTTP/1: reads requests one after the other and gives each to an exchange. */
export class ClientConnection implements ClientSide {
  readonly own: OwnConnections = new OwnConnections(() => this.#onOwnLost());
  readonly #settings: ClientSettings;
  readonly #socket: Socket;
  readonly #wire: Socket;
  readonly #deadline: Alarm;
  readonly #parser: RequestHeadParser;
  readonly #body: BodyDecoder;
  readonly #writer: AnswerWriter;
  readonly #facts: ConnectionFacts;
  #state: ClientState = 'head';
  #exchange: RequestSink | undefined;
  readonly #pending: PendingInput;
  readonly #farewell: Farewell;
  #reading = false;
  #closeAfter = false;
  #requestStartedAtMs = -1;
  /** Whether the client has ended its side. */
  #ended = false;
  #halfClosed: HalfClosedClient | undefined;
  #gone = false;

  constructor(socket: Socket, settings: ClientSettings) {
    this.#socket = socket;
    this.#wire = settings.wireOf(socket);
    this.#settings = settings;
    this.#deadline = new Alarm(() => this.#onDeadline());
    this.#parser = new RequestHeadParser(settings.parserLimits);
    this.#body = new BodyDecoder('request', settings.parserLimits);
    this.#writer = new AnswerWriter(socket, settings.dates, settings.batch);
    this.#facts = connectionFacts(socket, settings, settings.place);
    this.#pending = new PendingInput(socket, this.#writer);
    this.#farewell = new Farewell(socket, this, settings.timeouts.writeProgressMs);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('drain', () => this.#onDrain());
    socket.on('end', () => this.#onSocketEnd());
    // 'close' follows and tells; without a listener an error would end the process.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#onClose('client-gone'));
    settings.clock.refresh();
    settings.wheel.set(this.#deadline, settings.timeouts.headMs);
  }

  /** Whether no exchange is on and no byte of the next request has come. */
  get idle(): boolean {
    return this.#state === 'head' && !this.#parser.begun;
  }

  /** Closes after the answer under way, or when idle after a moment: a request may be on its way. It is answered. */
  drain(): void {
    this.#closeAfter = true;
    if (this.idle) this.setDeadline(this.#settings.timeouts.drainIdleMs);
  }

  destroy(): void {
    this.#lose('shut-down');
  }

  sendInterim(status: number, fields: HeaderList): void {
    if (this.#writer.minor === 1) this.#writer.interim(status, fields);
  }

  sendHead(head: AnswerHead): boolean {
    // A request whose body has not arrived leaves bytes behind that nobody will read.
    if (this.#state === 'body' || this.#settings.dispatch.draining) this.#closeAfter = true;
    this.#writer.head(head, this.#closeAfter);
    return true;
  }

  sendBody(chunk: Buffer, start: number, end: number, lent: boolean): boolean {
    return this.#writer.body(chunk, start, end, lent);
  }

  discard(): void {
    this.#writer.discard();
  }

  flush(): boolean {
    this.#writer.flush();
    return !this.backedUp;
  }

  get backedUp(): boolean {
    return this.#socket.writableLength >= maxUnsentBytes;
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  sendEnd(trailers: HeaderList): void {
    this.#writer.end(trailers);
    if (this.#writer.endsWithClose) this.#closeAfter = true;
  }

  cut(): void {
    this.#state = 'closed';
    this.#wire.resetAndDestroy();
  }

  pauseBody(): void {
    this.#pending.pause();
  }

  resumeBody(): void {
    this.#pending.resume();
  }

  setDeadline(delayMs: number): void {
    this.#settings.wheel.set(this.#deadline, delayMs);
  }

  exchangeDone(): void {
    this.#exchange = undefined;
    if (this.#state === 'closed' || this.#state === 'tunnel') return this.#settings.wheel.clear(this.#deadline);
    if (this.#closeAfter || this.#state === 'body') return this.#linger();
    this.#state = 'head';
    this.#parser.reset();
    this.#farewell.watchUnsent();
    this.setDeadline(this.#settings.timeouts.keepAliveIdleMs);
    if (this.#pending.empty) this.resumeBody();
    else if (!this.#reading) this.#read(this.#pending.take());
  }

  switchProtocol(fields: HeaderList, peer: TunnelEnd): TunnelSide {
    this.#writer.interim(101, fields);
    this.#state = 'tunnel';
    this.own.close();
    const side = tunnelThrough(this.#socket, peer);
    if (!this.#pending.empty) peer.onPeerBytes(this.#pending.take());
    return side;
  }

  #onDrain(): void {
    if (this.#exchange !== undefined) this.#exchange.onClientWritable();
    else if (this.#state === 'head' && this.#pending.ready) this.#read(this.#pending.take());
  }

  #onData(chunk: Buffer): void {
    this.#settings.clock.refresh();
    if (this.#state === 'wait' || !this.#pending.empty) this.#pending.keep(chunk);
    else if (this.#state !== 'tunnel') this.#read(chunk);
  }

  /** Reads what has come, as far as the state allows; one exchange may end and the next begin within it. */
  #read(chunk: Buffer): void {
    this.#reading = true;
    const end = chunk.length;
    for (let at = 0; at < end; ) {
      if (this.#state === 'head' && this.#pending.holdsBack(chunk, at)) break;
      if (this.#state === 'head') at = this.#readHead(chunk, at, end);
      else if (this.#state === 'body') at = this.#readBody(chunk, at, end);
      else {
        if (this.#state === 'wait') this.#pending.keep(chunk.subarray(at));
        break;
      }
    }
    this.#reading = false;
    // An exchange that ended while this was read left the rest to us.
    if (this.#state === 'head' && this.#pending.ready) this.#read(this.#pending.take());
    else if (this.#ended) this.#onLastByte();
  }

  #readHead(chunk: Buffer, at: number, end: number): number {
    const parser = this.#parser;
    const first = !parser.begun;
    if (first) this.#requestStartedAtMs = this.#settings.clock.monotonicMs();
    const next = at + parser.push(chunk, at, end);
    if (parser.state === 'need-more') {
      if (first && parser.begun) this.setDeadline(this.#settings.timeouts.headMs);
      return end;
    }
    if (parser.rejection !== undefined) {
      this.#beginLast();
      this.#settings.dispatch.refuse(this, parser.rejection, this.#requestStartedAtMs);
      return end;
    }
    if (parser.head === undefined) return end;
    return this.#begin(parser.head) ? this.#readBody(chunk, next, end, true) : next;
  }

  /** @returns whether the request's body is still to be read */
  #begin(parsed: ParsedRequestHead): boolean {
    this.#writer.begin(parsed.minor);
    // What follows a CONNECT may be meant for its tunnel, which it does not get, and must not be read as a request.
    this.#closeAfter = !parsed.keepAlive || parsed.method === 'CONNECT' || this.#settings.dispatch.draining;
    const incoming = incomingRequest(parsed, parsed.minor === 1 ? '1.1' : '1.0', this.#facts);
    this.#state = parsed.framing === 'none' ? 'wait' : 'body';
    if (parsed.framing !== 'none') this.#body.start(parsed.framing, parsed.contentLength);
    const exchange = this.#settings.dispatch.exchangeFor(this, incoming, parsed, this.#requestStartedAtMs);
    this.#exchange = exchange;
    if (this.#state === 'body') return true;
    exchange.start();
    return false;
  }

  /** @param starting the exchange has not been started: it is once all that came with the head is handed over */
  #readBody(chunk: Buffer, from: number, end: number, starting = false): number {
    const exchange = this.#exchange;
    if (exchange === undefined) return end;
    const ended = relayRequestBody(this.#body, exchange, chunk, from, () => {
      if (this.#state === 'body') this.#state = 'wait';
    });
    if (starting) exchange.start();
    return ended ? this.#body.position : end;
  }

  /** For an answer to what is no request: it is the last. */
  #beginLast(): void {
    this.#writer.begin(1);
    this.#closeAfter = true;
    this.#state = 'wait';
  }

  #onSocketEnd(): void {
    this.#settings.clock.refresh();
    this.#ended = true;
    this.#onLastByte();
  }

  /** The client must not go on as if it were still logged in. */
  #onOwnLost(): void {
    this.#closeAfter = true;
    if (this.idle) this.#linger();
  }

  /** All that the client sends has been read. What it has asked for it still gets (RFC 9112, 9.6). */
  #onLastByte(): void {
    if (this.#state === 'wait') {
      if (this.#pending.empty) this.#closeAfter = true;
      this.#halfClosed ??= new HalfClosedClient(this.#wire, this.#settings.wheel);
    } else if (this.#state === 'head' && this.#pending.empty) {
      this.#writer.flush();
      // It may be reading what is still leaving.
      if (this.#socket.writableLength > 0) this.#linger();
      else this.#lose('client-gone');
      // Its request will never be whole.
    } else if (this.#state === 'body') this.#lose('client-gone');
  }

  /** @param cut what has been answered so far must not pass for the whole */
  #lose(loss: ClientLoss, cut: boolean = this.#exchange !== undefined && this.#state !== 'tunnel'): void {
    this.#writer.writeReady();
    if (cut) this.#wire.resetAndDestroy();
    else this.#socket.destroy();
    this.#onClose(loss);
  }

  #onClose(loss: ClientLoss): void {
    if (this.#gone) return;
    this.#gone = true;
    const exchange = this.#exchange;
    this.#state = 'closed';
    this.#exchange = undefined;
    this.#pending.clear();
    this.#settings.wheel.forget(this.#deadline);
    this.#halfClosed?.forget();
    this.own.close();
    exchange?.onClientGone(loss);
    this.#settings.place.release();
  }

  #onDeadline(): void {
    if (this.#exchange !== undefined) return this.#exchange.onDeadline();
    if (this.#state === 'head' && this.#parser.begun) {
      this.#beginLast();
      this.#settings.dispatch.headTimeout(this, this.#requestStartedAtMs);
    } else if (this.#farewell.isStuck()) this.#lose('client-gone', true);
    else if (this.#farewell.goesOn()) return;
    // What crosses our end on its way gets no answer, which its sender can see, and may send it again.
    else if (this.#closeAfter && this.idle) this.#linger();
    else this.#lose('client-gone');
  }

  /** Closes our side, and reads on for a moment so that the client gets to see the answer. */
  #linger(): void {
    this.#state = 'lingering';
    this.#writer.flush();
    this.#pending.clear();
    this.#farewell.begin(() => this.#state === 'lingering');
  }
}
