import type { Socket } from 'node:net';
import type { ParsedRequestHead, Rejection } from '@flotilla/http1';
import type { ClientLoss } from '../../exchange/exchange-record.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import { maxUnsentBytes } from '../memory/back-pressure.ts';
import type { AnswerHead, ClientSide, RequestSink } from '../sides/client-side.ts';
import { type ConnectionFacts, connectionFacts, incomingRequest } from '../sides/incoming-request.ts';
import { OwnConnections } from '../sides/own-connections.ts';
import { type TunnelEnd, type TunnelSide, tunnelThrough } from '../sides/tunnel-side.ts';
import { Alarm } from '../time/timer-wheel.ts';
import { AnswerWriter } from './answer-writer.ts';
import type { ClientSettings } from './client-settings.ts';
import { sayFarewell } from './farewell.ts';
import { HalfClosedClient } from './half-closed-client.ts';
import { type ClientState, RequestReader, type RequestReaderOwner } from './request-reader.ts';

/** One client connection speaking HTTP/1: gives each of its requests to an exchange, and writes the answer. */
export class ClientConnection implements ClientSide, RequestReaderOwner {
  own: OwnConnections | undefined = undefined;
  readonly #settings: ClientSettings;
  readonly #socket: Socket;
  readonly #wire: Socket;
  readonly #alarm: Alarm;
  readonly #writer: AnswerWriter;
  readonly #reader: RequestReader;
  readonly #facts: ConnectionFacts;
  /** Changed here alone, as is what follows. */
  state: ClientState = 'head';
  exchange: RequestSink | undefined = undefined;
  #closeAfter = false;
  /** Whether the client has ended its side. */
  #ended = false;
  #halfClosed: HalfClosedClient | undefined;
  #gone = false;

  constructor(socket: Socket, settings: ClientSettings) {
    this.#socket = socket;
    this.#wire = settings.wireOf(socket);
    this.#settings = settings;
    this.#alarm = new Alarm(() => this.#onDeadline());
    this.#writer = new AnswerWriter(socket, settings.dates, settings.batch);
    this.#facts = connectionFacts(socket, settings, settings.place);
    this.#reader = new RequestReader(socket, this, this.#writer, settings);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('drain', () => this.#onDrain());
    socket.on('end', () => this.#onSocketEnd());
    // 'close' follows and tells; without a listener an error would end the process.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#onClose('client-gone'));
    settings.clock.refresh();
    settings.wheel.set(this.#alarm, settings.timeouts.headMs);
  }

  get lingering(): boolean {
    return this.state === 'lingering';
  }

  /** Whether no exchange is on and no byte of the next request has come. */
  get idle(): boolean {
    return this.state === 'head' && !this.#reader.begun;
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
    if (this.state === 'body' || this.#settings.dispatch.draining) this.#closeAfter = true;
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
    this.state = 'closed';
    this.#wire.resetAndDestroy();
  }

  pauseBody(): void {
    this.#reader.pause();
  }

  resumeBody(): void {
    this.#reader.resume();
  }

  setDeadline(delayMs: number): void {
    this.#settings.wheel.set(this.#alarm, delayMs);
  }

  exchangeDone(): void {
    this.exchange = undefined;
    if (this.state === 'closed' || this.state === 'tunnel') return this.#settings.wheel.clear(this.#alarm);
    if (this.#closeAfter || this.state === 'body') return this.#linger();
    this.state = 'head';
    this.setDeadline(this.#settings.timeouts.keepAliveIdleMs);
    this.#reader.next();
  }

  keepOwn(): OwnConnections | undefined {
    if (this.#gone) return undefined;
    this.own ??= new OwnConnections(() => this.#onOwnLost());
    return this.own;
  }

  switchProtocol(fields: HeaderList, peer: TunnelEnd): TunnelSide {
    this.#writer.interim(101, fields);
    this.state = 'tunnel';
    this.own?.close();
    const side = tunnelThrough(this.#socket, peer);
    if (!this.#reader.empty) peer.onPeerBytes(this.#reader.take());
    return side;
  }

  headBegun(): void {
    this.setDeadline(this.#settings.timeouts.headMs);
  }

  requestBegun(parsed: ParsedRequestHead): RequestSink {
    const { dispatch } = this.#settings;
    this.#writer.begin(parsed.minor);
    // What follows a CONNECT may be meant for its tunnel, which it does not get, and must not be read as a request.
    this.#closeAfter = !parsed.keepAlive || parsed.method === 'CONNECT' || dispatch.draining;
    const incoming = incomingRequest(parsed, parsed.minor === 1 ? '1.1' : '1.0', this.#facts);
    this.state = parsed.framing === 'none' ? 'wait' : 'body';
    const exchange = dispatch.exchangeFor(this, incoming, parsed, this.#reader.startedAtMs);
    this.exchange = exchange;
    return exchange;
  }

  requestEnded(): void {
    if (this.state === 'body') this.state = 'wait';
  }

  requestRefused(rejection: Rejection): void {
    this.#beginLast();
    this.#settings.dispatch.refuse(this, rejection, this.#reader.startedAtMs);
  }

  allRead(): void {
    if (this.#ended) this.#onLastByte();
  }

  #onData(chunk: Buffer): void {
    this.#settings.clock.refresh();
    this.#reader.push(chunk);
  }

  #onDrain(): void {
    if (this.exchange !== undefined) this.exchange.onClientWritable();
    else this.#reader.readOn();
  }

  /** For an answer to what is no request: it is the last. */
  #beginLast(): void {
    this.#writer.begin(1);
    this.#closeAfter = true;
    this.state = 'wait';
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
    if (this.state === 'wait') {
      if (this.#reader.empty) this.#closeAfter = true;
      this.#halfClosed ??= new HalfClosedClient(this.#wire, this.#settings.wheel);
    } else if (this.state === 'head' && this.#reader.empty) {
      this.#writer.flush();
      // It may be reading what is still leaving.
      if (this.#socket.writableLength > 0) this.#linger();
      else this.#lose('client-gone');
      // Its request will never be whole.
    } else if (this.state === 'body') this.#lose('client-gone');
  }

  /** @param cut what has been answered so far must not pass for the whole */
  #lose(loss: ClientLoss, cut: boolean = this.exchange !== undefined && this.state !== 'tunnel'): void {
    this.#writer.writeReady();
    if (cut) this.#wire.resetAndDestroy();
    else this.#socket.destroy();
    this.#onClose(loss);
  }

  #onClose(loss: ClientLoss): void {
    if (this.#gone) return;
    this.#gone = true;
    const exchange = this.exchange;
    this.state = 'closed';
    this.exchange = undefined;
    this.#reader.clear();
    this.#settings.wheel.forget(this.#alarm);
    this.#halfClosed?.forget();
    this.own?.close();
    exchange?.onClientGone(loss);
    this.#settings.place.release();
  }

  #onDeadline(): void {
    if (this.exchange !== undefined) return this.exchange.onDeadline();
    if (this.state === 'head' && this.#reader.begun) {
      this.#beginLast();
      this.#settings.dispatch.headTimeout(this, this.#reader.startedAtMs);
    } else if (this.#writer.isStuck()) this.#lose('client-gone', true);
    // It takes its answer slowly: that is its right.
    else if (this.#socket.writableLength > 0) this.setDeadline(this.#settings.timeouts.writeProgressMs);
    // What crosses our end on its way gets no answer, which its sender can see, and may send it again.
    else if (this.#closeAfter && this.idle) this.#linger();
    else this.#lose('client-gone');
  }

  /** Closes our side, and reads on for a moment so that the client gets to see the answer. */
  #linger(): void {
    this.state = 'lingering';
    this.#writer.flush();
    this.#reader.clear();
    this.#writer.watchUnsent();
    sayFarewell(this.#socket, this, this.#settings.timeouts.writeProgressMs);
  }
}
