import { constants, type ServerHttp2Stream } from 'node:http2';
import type { ClientLoss } from '../../exchange/exchange-record.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import type { ClientSettings } from '../client/client-settings.ts';
import { maxUnsentBytes } from '../memory/back-pressure.ts';
import type { AnswerHead, ClientSide, RequestSink } from '../sides/client-side.ts';
import { Alarm } from '../time/timer-wheel.ts';
import { Http2Answer, type Http2AnswerOwner } from './http2-answer.ts';
import type { Http2RequestReader } from './http2-request.ts';
import { InterimQueue } from './interim-queue.ts';

/** The session that a stream is part of. */
export interface Http2StreamOwner {
  readonly settings: ClientSettings;
  readonly reader: Http2RequestReader;
  /** Why the session has ended, when it has. */
  readonly loss: ClientLoss;
  /** Bytes of a request's body have come. */
  bodyBytes(bytes: number): void;
  /** The stream has closed. `takenBackAfterMs`: how long it was on, if it was the client that took it back. */
  streamClosed(takenBackAfterMs: number | undefined): void;
}

/** What is known of a request before its head is read. */
export interface Http2StreamFacts {
  /** It has neither body nor trailers. */
  readonly endsWithHead: boolean;
  /** Its method is HEAD: whatever the answer, it has no body. */
  readonly isHead: boolean;
}

/** How a request's body arrives: not at all; in an empty form, its end being that of the head; or on the stream. */
export type Http2Body = 'none' | 'empty' | 'stream';

function ignore(): void {}

/** One stream of an HTTP/2 session: the client of one exchange. */
export class Http2StreamClient implements ClientSide, Http2AnswerOwner {
  /** A session's requests may be of several users. */
  readonly own = undefined;
  readonly #stream: ServerHttp2Stream;
  readonly #owner: Http2StreamOwner;
  readonly #settings: ClientSettings;
  readonly #alarm: Alarm;
  readonly #answer: Http2Answer;
  #exchange: RequestSink | undefined;
  #requestOpen = false;
  #requestTrailers: HeaderList = [];
  #interim: InterimQueue | undefined;
  #unsentBefore = 0;
  readonly #openedAtMs: number;
  /** It was us who ended the stream before its time. */
  #givenUp = false;

  constructor(stream: ServerHttp2Stream, owner: Http2StreamOwner, facts: Http2StreamFacts) {
    const { endsWithHead, isHead } = facts;
    this.#stream = stream;
    this.#answer = new Http2Answer(stream, this, isHead);
    this.#owner = owner;
    this.#settings = owner.settings;
    this.#requestOpen = !endsWithHead;
    this.#openedAtMs = owner.settings.clock.monotonicMs();
    this.#alarm = new Alarm(() => this.#onDeadline());
    // 'close' follows and tells; without a listener an error would end the process.
    stream.on('error', ignore);
    // Told at once when the client resets the stream; 'close' may wait for what is still to be read.
    stream.on('aborted', () => this.#onGone());
    stream.on('close', () => this.#onClose());
  }

  /** Begins the exchange, and hands it the request's body as it arrives. */
  serve(exchange: RequestSink, body: Http2Body): void {
    this.#exchange = exchange;
    const stream = this.#stream;
    if (stream.closed || stream.destroyed) return this.#onGone();
    if (body === 'empty') exchange.onRequestEnd([]);
    exchange.start();
    // A stream that was never read, since nothing is to come, is read to its end by Node once it has closed.
    if (body === 'stream' && this.#exchange !== undefined) {
      stream.on('trailers', (_headers, _flags, raw) => this.#onTrailers(raw ?? []));
      stream.on('end', () => this.#onEnd());
      stream.on('data', (chunk: Buffer) => this.#onData(chunk));
    }
  }

  sendInterim(status: number, fields: HeaderList): void {
    if (!this.#answer.interim(status, fields)) return;
    this.#interim ??= new InterimQueue(this.#stream, this.#settings.wheel, () => this.onDrain());
  }

  sendHead(head: AnswerHead): boolean {
    this.#answer.head(head);
    return true;
  }

  sendBody(chunk: Buffer, start: number, end: number): boolean {
    this.#answer.body(chunk, start, end);
    return false;
  }

  discard(): void {
    this.#answer.discard();
  }

  flush(): boolean {
    return this.#answer.flush();
  }

  get backedUp(): boolean {
    return this.#answer.responded ? this.#stream.writableLength >= maxUnsentBytes : this.#interim?.isFull() === true;
  }

  get unsentBytes(): number {
    return this.#stream.writableLength;
  }

  sendEnd(trailers: HeaderList): void {
    this.#answer.end(trailers);
  }

  cut(): void {
    this.#answer.stop();
    // The exchange knows: the event below would tell it that the client has left.
    this.#exchange = undefined;
    this.giveUp(constants.NGHTTP2_INTERNAL_ERROR);
  }

  pauseBody(): void {
    this.#stream.pause();
  }

  resumeBody(): void {
    this.#stream.resume();
  }

  setDeadline(delayMs: number): void {
    this.#settings.wheel.set(this.#alarm, delayMs);
  }

  exchangeDone(): void {
    this.#exchange = undefined;
    this.#interim?.forget();
    const stream = this.#stream;
    if (stream.closed || stream.destroyed) return this.#settings.wheel.forget(this.#alarm);
    this.#unsentBefore = stream.writableLength;
    this.setDeadline(this.#settings.timeouts.writeProgressMs);
    if (!this.#requestOpen) return;
    // Nobody will read the rest of the request: the client is told so once it has its answer (RFC 9113, 8.1).
    stream.pause();
    if (stream.writableFinished) this.#closeQuietly();
    else stream.once('finish', () => this.#closeQuietly());
  }

  keepOwn(): undefined {
    return undefined;
  }

  switchProtocol(): never {
    throw new Error('HTTP/2 has no upgrade: no protocol is offered to the upstream');
  }

  onDrain(): void {
    this.#settings.clock.refresh();
    this.#exchange?.onClientWritable();
  }

  /** A reset is then none of the client's. */
  giveUp(code: number): void {
    this.#givenUp = true;
    if (!this.#stream.closed) this.#stream.close(code);
  }

  #onData(chunk: Buffer): void {
    this.#settings.clock.refresh();
    this.#owner.bodyBytes(chunk.length);
    this.#exchange?.onRequestBody(chunk);
  }

  #onTrailers(raw: HeaderList): void {
    const reading = this.#owner.reader.trailers(raw);
    if (reading.kind === 'read') {
      this.#requestTrailers = reading.value;
      return;
    }
    const { status, reason, detail } = reading.rejection;
    this.#exchange?.onRequestInvalid(status, reason, detail);
  }

  #onEnd(): void {
    // A reset ends the stream's reading too, but is no end of the request.
    if (this.#stream.closed || this.#stream.aborted) return;
    this.#settings.clock.refresh();
    this.#requestOpen = false;
    this.#exchange?.onRequestEnd(this.#requestTrailers);
  }

  #onGone(): void {
    this.#settings.clock.refresh();
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#interim?.forget();
    exchange?.onClientGone(this.#answer.refusedByNode ? 'broken' : this.#owner.loss);
    this.#settings.wheel.forget(this.#alarm);
    // What came before the reset and was not read yet holds the stream.
    this.#stream.resume();
  }

  #onClose(): void {
    this.#onGone();
    const takenBack = this.#stream.aborted && !this.#givenUp;
    this.#owner.streamClosed(takenBack ? this.#settings.clock.monotonicMs() - this.#openedAtMs : undefined);
  }

  #onDeadline(): void {
    if (this.#exchange !== undefined) return this.#exchange.onDeadline();
    // The answer is given, but the client has not taken it all: it may be slow, as long as it takes something.
    const unsent = this.#stream.writableLength;
    if (unsent < this.#unsentBefore) {
      this.#unsentBefore = unsent;
      this.setDeadline(this.#settings.timeouts.writeProgressMs);
    } else {
      this.#stream.resume();
      this.giveUp(constants.NGHTTP2_CANCEL);
    }
  }

  #closeQuietly(): void {
    this.giveUp(constants.NGHTTP2_NO_ERROR);
    // What has come and is not read yet would hold it.
    this.#stream.resume();
  }
}
