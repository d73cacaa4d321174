import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { HeaderList } from '../headers/header-list.ts';
import type { AnswerHead, ClientSide, ClientTunnel, Exchange } from './client-side.ts';
import { Deadline, type TimerWheel } from './timer-wheel.ts';
import { maxUnsentBytes } from './upstream-connection.ts';

/** Fields that HTTP/2 has no place for (RFC 9113, 8.2.2). */
const forbidden: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** One stream of an HTTP/2 session: the client of one exchange. */
export class Http2StreamClient implements ClientSide {
  readonly #stream: ServerHttp2Stream;
  readonly #wheel: TimerWheel;
  readonly #deadline: Deadline;
  #exchange: Exchange | undefined;
  #head: AnswerHead | undefined;
  #body: Buffer[] = [];
  #responded = false;
  #trailers: HeaderList = [];

  constructor(stream: ServerHttp2Stream, wheel: TimerWheel) {
    this.#stream = stream;
    this.#wheel = wheel;
    this.#deadline = new Deadline(() => this.#exchange?.onDeadline());
    stream.on('data', (chunk: Buffer) => this.#exchange?.onRequestBody(chunk));
    stream.on('trailers', (_headers, _flags, raw) => {
      this.#trailers = raw ?? [];
    });
    stream.on('end', () => this.#exchange?.onRequestEnd(this.#trailers));
    stream.on('drain', () => this.#exchange?.onClientWritable());
    stream.on('error', () => undefined);
    stream.on('close', () => this.#onClose());
    stream.pause();
  }

  /** Begins to hand the request's body, if there is one, to its exchange. */
  serve(exchange: Exchange, hasBody: boolean): void {
    this.#exchange = exchange;
    exchange.start();
    // Reading also an empty body to its end is what lets the stream close.
    this.#stream.resume();
    if (!hasBody) this.#stream.removeAllListeners('end');
  }

  sendInterim(status: number, fields: HeaderList): void {
    if (!this.#stream.headersSent && !this.#stream.destroyed) {
      this.#stream.additionalHeaders({ ...asHeaders(fields), ':status': status });
    }
  }

  sendHead(head: AnswerHead): void {
    this.#head = head;
  }

  sendBody(chunk: Buffer, start: number, end: number): void {
    this.#body.push(Buffer.from(chunk.subarray(start, end)));
  }

  discard(): void {
    this.#head = undefined;
    this.#body = [];
  }

  flush(): boolean {
    if (!this.#writable()) return true;
    this.#respond(false);
    for (const part of this.#body.splice(0)) this.#stream.write(part);
    return this.#stream.writableLength < maxUnsentBytes;
  }

  get unsentBytes(): number {
    return this.#stream.writableLength;
  }

  sendEnd(trailers: HeaderList): void {
    if (!this.#writable()) return;
    const hasBody = this.#head?.hasBody === true;
    if (!this.#responded && (!hasBody || (this.#body.length === 0 && trailers.length === 0))) {
      this.#respond(true);
      return;
    }
    this.#respond(false, trailers.length > 0);
    if (trailers.length > 0) this.#stream.once('wantTrailers', () => this.#stream.sendTrailers(asHeaders(trailers)));
    const parts = this.#body.splice(0);
    this.#stream.end(parts.length === 1 ? parts[0] : Buffer.concat(parts));
  }

  cut(): void {
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  pauseBody(): void {
    this.#stream.pause();
  }

  resumeBody(): void {
    this.#stream.resume();
  }

  setDeadline(delayMs: number): void {
    this.#wheel.set(this.#deadline, delayMs);
  }

  exchangeDone(): void {
    this.#exchange = undefined;
    this.#wheel.forget(this.#deadline);
    // A request whose body nobody will read is told so, without harm to the answer (RFC 9113, 8.1).
    if (!this.#stream.readableEnded && !this.#stream.destroyed) this.#stream.resume();
  }

  switchProtocol(): ClientTunnel {
    throw new Error('HTTP/2 has no upgrade: no protocol is offered to the upstream');
  }

  #respond(endStream: boolean, waitForTrailers = false): void {
    const head = this.#head;
    if (this.#responded || head === undefined) return;
    this.#responded = true;
    const headers = asHeaders(head.fields);
    headers[':status'] = head.status;
    if (head.contentLength >= 0) headers['content-length'] = head.contentLength;
    this.#stream.respond(headers, { endStream, waitForTrailers });
  }

  #writable(): boolean {
    return !this.#stream.destroyed && !this.#stream.closed && !this.#stream.writableEnded;
  }

  #onClose(): void {
    this.#wheel.forget(this.#deadline);
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.onClientGone();
  }
}

function asHeaders(fields: HeaderList): OutgoingHttpHeaders {
  // Without a prototype: a field may be called `__proto__`. Object.create has no better type than any.
  const headers = Object.create(null) as Record<string, string | string[] | number>;
  for (let at = 0; at < fields.length; at += 2) {
    const name = (fields[at] ?? '').toLowerCase();
    const value = fields[at + 1] ?? '';
    if (forbidden.has(name)) continue;
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else headers[name] = Array.isArray(before) ? [...before, value] : [String(before), value];
  }
  return headers;
}
