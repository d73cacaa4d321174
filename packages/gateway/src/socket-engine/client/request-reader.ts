import type { Socket } from 'node:net';
import { BodyDecoder, type Limits, type ParsedRequestHead, type Rejection, RequestHeadParser } from '@flotilla/http1';
import { maxUnsentBytes } from '../memory/back-pressure.ts';
import type { RequestSink } from '../sides/client-side.ts';
import type { AnswerWriter } from './answer-writer.ts';

/** What is kept of requests sent ahead before the connection is no longer read. */
const maxPipelinedBytes = 65_536;

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

/** Whose requests are read. What it does of them may change its state at once. */
export interface RequestReaderOwner {
  readonly state: ClientState;
  /** Who serves the request that is being answered. */
  readonly exchange: RequestSink | undefined;
  /** The first bytes of a head are here, and more of it is to come. */
  headBegun(): void;
  /** A head is here. The exchange is started once all that came of the body with it is handed over. */
  requestBegun(head: ParsedRequestHead): RequestSink;
  /** The body is complete, of which the exchange has not been told yet. */
  requestEnded(): void;
  /** What came instead of a head breaks a rule. */
  requestRefused(rejection: Rejection): void;
  /** All that has come is read, or kept for later. */
  allRead(): void;
}

/** Reads the requests of one connection, one after the other; what comes too early it keeps. */
export class RequestReader {
  /** When the first byte of the request has come that is being read or answered: monotonic. */
  startedAtMs = -1;
  readonly #socket: Socket;
  readonly #owner: RequestReaderOwner;
  readonly #answers: AnswerWriter;
  readonly #clock: { monotonicMs(): number };
  readonly #parser: RequestHeadParser;
  readonly #body: BodyDecoder;
  #reading = false;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #paused = false;

  /** @param answers while the client does not take them no further request is read */
  constructor(
    socket: Socket,
    owner: RequestReaderOwner,
    answers: AnswerWriter,
    settings: { readonly clock: { monotonicMs(): number }; readonly parserLimits: Limits },
  ) {
    this.#socket = socket;
    this.#owner = owner;
    this.#answers = answers;
    this.#clock = settings.clock;
    this.#parser = new RequestHeadParser(settings.parserLimits);
    this.#body = new BodyDecoder('request', settings.parserLimits);
  }

  /** Whether part of a head has come. */
  get begun(): boolean {
    return this.#parser.begun;
  }

  /** Whether nothing is kept. */
  get empty(): boolean {
    return this.#keptBytes === 0;
  }

  /** Bytes have come. */
  push(chunk: Buffer): void {
    const { state } = this.#owner;
    if (state === 'wait' || !this.empty) this.#keep(chunk);
    else if (state !== 'tunnel') this.#read(chunk);
  }

  /** The answer is given: the next request is read. */
  next(): void {
    this.#parser.reset();
    if (this.empty) this.resume();
    else if (!this.#reading) this.#read(this.take());
  }

  /** The client has taken something of its answers: goes on, if it had to wait for that. */
  readOn(): void {
    if (this.#owner.state === 'head' && !this.empty && !this.#clogged()) this.#read(this.take());
  }

  /** All that is kept, which is then gone from here; reading goes on. */
  take(): Buffer {
    const [first] = this.#kept;
    const bytes = this.#kept.length === 1 && first !== undefined ? first : Buffer.concat(this.#kept);
    this.clear();
    this.resume();
    return bytes;
  }

  clear(): void {
    this.#kept = [];
    this.#keptBytes = 0;
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused || this.#keptBytes >= maxPipelinedBytes) return;
    this.#paused = false;
    this.#socket.resume();
  }

  /** Reads what has come, as far as the state allows; one exchange may end and the next begin within it. */
  #read(chunk: Buffer): void {
    const owner = this.#owner;
    this.#reading = true;
    for (let at = 0; at < chunk.length; ) {
      if (owner.state === 'head') {
        if (this.#clogged()) {
          this.#keep(chunk.subarray(at));
          this.pause();
          break;
        }
        at = this.#readHead(chunk, at);
      } else if (owner.state === 'body') at = this.#readBody(chunk, at);
      else {
        if (owner.state === 'wait') this.#keep(chunk.subarray(at));
        break;
      }
    }
    this.#reading = false;
    // An exchange that ended while this was read left the rest to us.
    if (owner.state === 'head' && !this.empty && !this.#clogged()) this.#read(this.take());
    else owner.allRead();
  }

  /** @returns where to read on */
  #readHead(chunk: Buffer, at: number): number {
    const parser = this.#parser;
    const first = !parser.begun;
    if (first) this.startedAtMs = this.#clock.monotonicMs();
    const next = at + parser.push(chunk, at, chunk.length);
    if (parser.state === 'need-more') {
      if (first && parser.begun) this.#owner.headBegun();
      return chunk.length;
    }
    const { head, rejection } = parser;
    if (rejection !== undefined) this.#owner.requestRefused(rejection);
    if (rejection !== undefined || head === undefined) return chunk.length;
    if (head.framing !== 'none') this.#body.start(head.framing, head.contentLength);
    const exchange = this.#owner.requestBegun(head);
    const end = this.#owner.state === 'body' ? this.#readBody(chunk, next) : next;
    exchange.start();
    return end;
  }

  /**
   * Hands what `chunk` has of the body to the exchange. Its memory may be kept: the socket reads into new one.
   *
   * @returns where to read on: after a broken rule nothing that follows means anything
   */
  #readBody(chunk: Buffer, from: number): number {
    const { exchange } = this.#owner;
    const body = this.#body;
    if (exchange === undefined) return chunk.length;
    let event = body.read(chunk, from, chunk.length);
    while (event === 'data') {
      exchange.onRequestBody(chunk.subarray(body.dataStart, body.dataEnd));
      event = body.read(chunk, body.position, chunk.length);
    }
    if (event === 'end') {
      this.#owner.requestEnded();
      exchange.onRequestEnd(body.trailers);
    }
    if (event !== 'rejected') return body.position;
    const { rejection } = body;
    exchange.onRequestInvalid(rejection?.status ?? 400, rejection?.reason ?? '', rejection?.detail ?? '');
    return chunk.length;
  }

  /** Keeps bytes for later, and reads no more when it is enough. */
  #keep(bytes: Buffer): void {
    this.#kept.push(bytes);
    this.#keptBytes += bytes.length;
    if (this.#keptBytes >= maxPipelinedBytes) this.pause();
  }

  /** Whether the client does not take its answers, which would pile up here. */
  #clogged(): boolean {
    const answers = this.#answers;
    // What waits for the end of the turn says nothing of the client.
    if (answers.gathered >= maxUnsentBytes) answers.flush();
    return this.#socket.writableLength >= maxUnsentBytes;
  }
}
