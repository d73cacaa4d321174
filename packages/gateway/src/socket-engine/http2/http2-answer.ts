import { constants, type ServerHttp2Stream } from 'node:http2';
import type { HeaderList } from '../../headers/header-list.ts';
import { maxUnsentBytes } from '../memory/back-pressure.ts';
import type { AnswerHead } from '../sides/client-side.ts';
import { answerFields, fieldsObject } from '../sides/http2-fields.ts';

/** Whose answer it is. */
export interface Http2AnswerOwner {
  /** The stream takes more. */
  onDrain(): void;
  /** Ends the stream before its time. */
  giveUp(code: number): void;
}

/** Writes the answer of one HTTP/2 stream: held until it is flushed, so that until then another can take its place. */
export class Http2Answer {
  /** Node has refused some of it, which it does by throwing. */
  refusedByNode = false;
  readonly #stream: ServerHttp2Stream;
  readonly #owner: Http2AnswerOwner;
  /** Whatever is answered, it has no body. */
  readonly #isHead: boolean;
  #head: AnswerHead | undefined;
  #body: Buffer[] = [];
  #trailers: HeaderList = [];
  #responded = false;
  #ended = false;

  constructor(stream: ServerHttp2Stream, owner: Http2AnswerOwner, isHead: boolean) {
    this.#stream = stream;
    this.#owner = owner;
    this.#isHead = isHead;
  }

  /** Whether its head has left. */
  get responded(): boolean {
    return this.#responded;
  }

  /** @returns whether it could be sent: not after the final head */
  interim(status: number, fields: HeaderList): boolean {
    if (!this.#writable() || this.#responded) return false;
    this.#guard(() => this.#stream.additionalHeaders({ ...fieldsObject(fields), ':status': status }));
    return true;
  }

  head(head: AnswerHead): void {
    this.#head = head;
  }

  body(chunk: Buffer, start: number, end: number): void {
    // Copied even where it could be kept: the session holds parts for as long as the client's window is closed.
    if (end > start) this.#body.push(Buffer.from(chunk.subarray(start, end)));
  }

  /** Forgets what is held. */
  discard(): void {
    this.#head = undefined;
    this.#body = [];
  }

  /** Hands what is held to the session. False: the client is slow, and its owner will be told. */
  flush(): boolean {
    if (!this.#writable()) return true;
    this.#respond(false);
    if (this.#body.length > 0) {
      const bytes = this.#takeBody();
      if (this.#writable()) this.#stream.write(bytes);
    }
    if (this.#stream.writableLength < maxUnsentBytes) return true;
    // Once is enough: the exchange flushes again when it hears of it.
    if (this.#stream.listenerCount('drain') === 0) this.#stream.once('drain', () => this.#owner.onDrain());
    return false;
  }

  end(trailers: HeaderList): void {
    if (!this.#writable()) return;
    this.#trailers = trailers;
    this.#respond(this.#body.length === 0 && trailers.length === 0, trailers.length > 0);
    // Answers to HEAD and the like have ended with their head, and so has one that was cut for its head.
    if (this.#ended || !this.#writable()) return;
    this.#ended = true;
    if (this.#body.length === 0) this.#stream.end();
    else this.#stream.end(this.#takeBody());
  }

  /** Nothing more is written. */
  stop(): void {
    this.#ended = true;
    this.#body = [];
  }

  #respond(endStream: boolean, withTrailers = false): void {
    const head = this.#head;
    if (this.#responded || head === undefined) return;
    this.#responded = true;
    const hasBody = head.hasBody && head.status !== 205 && !this.#isHead;
    // One whose length is not known may turn out to have trailers when it ends.
    const waitForTrailers = hasBody && !endStream && (withTrailers || head.contentLength < 0);
    if (waitForTrailers) this.#stream.once('wantTrailers', () => this.#sendTrailers());
    if (!hasBody) this.#body = [];
    this.#ended = endStream || !hasBody;
    this.#guard(() => this.#stream.respond(answerFields(head), { endStream: this.#ended, waitForTrailers }));
  }

  #sendTrailers(): void {
    if (this.#stream.closed || this.#stream.destroyed) return;
    this.#guard(() => this.#stream.sendTrailers(fieldsObject(this.#trailers)));
  }

  #takeBody(): Buffer {
    const [first] = this.#body;
    const bytes = this.#body.length === 1 && first !== undefined ? first : Buffer.concat(this.#body);
    this.#body = [];
    return bytes;
  }

  /** Whatever Node refuses is no reason to end the process. */
  #guard(send: () => void): void {
    try {
      send();
    } catch {
      this.#ended = true;
      this.refusedByNode = true;
      // Not at once: the exchange is in the middle of sending, and hears of it as of a lost client.
      queueMicrotask(() => this.#owner.giveUp(constants.NGHTTP2_INTERNAL_ERROR));
    }
  }

  #writable(): boolean {
    return !this.#ended && !this.#stream.destroyed && !this.#stream.closed;
  }
}
