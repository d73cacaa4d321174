import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import type { HeaderList } from '../../headers/header-list.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import { maxUnsentBytes } from '../memory/back-pressure.ts';
import { fieldsObject, requestFields } from '../sides/http2-fields.ts';
import type { AttemptFailure, AttemptSink } from '../sides/response-sink.ts';
import type { Acquisition } from '../sides/stream-pool.ts';
import type { OutgoingRequest, UpstreamSide } from '../sides/upstream-side.ts';
import type { TurnClock } from '../time/turn.ts';
import { http2ResponseHead } from './http2-response.ts';

/** The connection that a stream is part of. */
export interface Http2StreamOwner {
  readonly upstream: Upstream;
  readonly clock: TurnClock;
  readonly scheme: string;
  readonly session: ClientHttp2Session;
  /** Whether a stream before this one was served. */
  readonly reused: boolean;
  /** It is over, well or not. */
  streamClosed(stream: Http2Stream): void;
}

/** One stream to an upstream that speaks HTTP/2: one request and its response (RFC 9113, 8.1). */
export class Http2Stream implements UpstreamSide, Acquisition {
  readonly upstream: Upstream;
  readonly #owner: Http2StreamOwner;
  readonly #reused: boolean;
  #attempt: AttemptSink | undefined;
  #stream: ClientHttp2Stream | undefined;
  #method = '';
  #responseStarted = false;
  /** Of the final head. */
  #status = 0;
  #requestTrailers: HeaderList = [];
  #trailers: HeaderList = [];
  #cause: unknown = undefined;

  constructor(owner: Http2StreamOwner, attempt: AttemptSink) {
    this.upstream = owner.upstream;
    this.#owner = owner;
    this.#reused = owner.reused;
    this.#attempt = attempt;
  }

  /** The connection stands. */
  open(): void {
    this.#attempt?.onStream(this);
  }

  sendHead(request: OutgoingRequest): void {
    const { scheme, session } = this.#owner;
    this.#method = request.method;
    try {
      const options = { endStream: !request.hasBody, waitForTrailers: request.hasBody };
      this.#listen(session.request(requestFields(request, scheme), options));
    } catch (cause) {
      // The session has just ended. Not at once: whoever sends is not done yet.
      queueMicrotask(() => this.fail({ ...this.#lost(), bytesSent: 0, cause }));
    }
  }

  sendBody(bytes: Buffer): void {
    this.#stream?.write(bytes);
  }

  sendEnd(trailers: HeaderList): void {
    this.#requestTrailers = trailers;
    this.#stream?.end();
  }

  /** The session gathers frames by itself. */
  flush(): void {}

  get backedUp(): boolean {
    return this.unsentBytes >= maxUnsentBytes;
  }

  get unsentBytes(): number {
    return this.#stream?.writableLength ?? 0;
  }

  pause(): void {
    this.#stream?.pause();
  }

  resume(): void {
    this.#stream?.resume();
  }

  /** A stream takes no connection from others. */
  holdLong(): undefined {
    return undefined;
  }

  openTunnel(): never {
    throw new Error('HTTP/2 has no upgrade: nothing is offered to such an upstream');
  }

  limitMet(): undefined {
    return undefined;
  }

  cancel(): void {
    this.#attempt = undefined;
    if (this.#stream === undefined) this.#owner.streamClosed(this);
    else this.#stream.close(constants.NGHTTP2_CANCEL);
  }

  /** The upstream is not well: tells whoever waits for the first byte of an answer. */
  upstreamSetAside(): void {
    if (!this.#responseStarted) this.#attempt?.onSetAside();
  }

  /** Ends the exchange as failed. */
  fail(failure: AttemptFailure): void {
    const attempt = this.#attempt;
    this.cancel();
    attempt?.onFailure(failure);
  }

  #listen(stream: ClientHttp2Stream): void {
    this.#stream = stream;
    stream.on('headers', (_headers, _flags, raw) => this.#onHead(raw, false));
    stream.on('response', (_headers, flags, raw) =>
      this.#onHead(raw, (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0),
    );
    stream.on('data', (chunk: Buffer) => this.#onData(chunk));
    stream.on('trailers', (_headers, _flags, raw: HeaderList | undefined) => {
      this.#trailers = raw ?? [];
    });
    stream.on('end', () => this.#onEnd());
    stream.on('drain', () => {
      this.#owner.clock.refresh();
      this.#attempt?.response.onWritable();
    });
    stream.on('wantTrailers', () => {
      if (!stream.closed && !stream.destroyed) stream.sendTrailers(fieldsObject(this.#requestTrailers));
    });
    stream.on('error', (cause) => {
      this.#cause = cause;
    });
    stream.on('close', () => this.#onClose());
  }

  #onHead(raw: HeaderList, endsStream: boolean): void {
    this.#owner.clock.refresh();
    this.#responseStarted = true;
    const head = http2ResponseHead(raw, this.#method, endsStream);
    if (typeof head === 'string') return this.fail({ kind: 'invalid', reason: head });
    if (head.status < 200) this.#attempt?.response.onInterim(head);
    else {
      this.#status = head.status;
      this.#attempt?.response.onHead(head);
      this.#attempt?.response.onReadEnd();
    }
  }

  #onData(chunk: Buffer): void {
    this.#owner.clock.refresh();
    this.#attempt?.response.onBody(chunk, 0, chunk.length, false);
    this.#attempt?.response.onReadEnd();
  }

  #onEnd(): void {
    const attempt = this.#attempt;
    const stream = this.#stream;
    // A reset ends the stream's reading too, but is no end of the response: `close` follows and tells.
    if (attempt === undefined || stream === undefined || !this.#responseStarted) return;
    if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) return;
    this.#owner.clock.refresh();
    this.#attempt = undefined;
    // Nobody sends the rest of a request that is answered, and the stream would wait for it as long as its connection lasts.
    if (!stream.writableFinished) stream.close(constants.NGHTTP2_CANCEL);
    attempt.onEnd(this.#status, this.#trailers);
  }

  #onClose(): void {
    this.#owner.clock.refresh();
    const attempt = this.#attempt;
    this.#attempt = undefined;
    this.#owner.streamClosed(this);
    attempt?.onFailure(this.#lost());
  }

  #lost(): Extract<AttemptFailure, { kind: 'reset' }> {
    // What the upstream has not looked at may be sent again (RFC 9113, 8.7).
    const refused = this.#stream?.rstCode === constants.NGHTTP2_REFUSED_STREAM;
    return {
      kind: 'reset',
      reused: this.#reused,
      responseStarted: this.#responseStarted,
      bytesSent: this.#stream === undefined || refused ? 0 : 1,
      cause: this.#cause,
    };
  }
}
