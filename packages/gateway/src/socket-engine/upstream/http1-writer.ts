import type { Socket } from 'node:net';
import { CRLF, chunkHeader, lastChunk, parsedFieldLine, parsedRequestLine } from '@flotilla/http1';
import type { HeaderList } from '../../headers/header-list.ts';
import type { OutgoingRequest } from '../sides/upstream-side.ts';
import type { Flushable, WriteBatch } from '../time/turn.ts';

/** Writes the requests of one connection as HTTP/1.1 text, one after the other. */
export class Http1Writer implements Flushable {
  readonly #socket: Socket;
  readonly #batch: WriteBatch;
  #chunked = false;
  #done = false;
  /** A request that has not left yet. */
  #whole = '';
  #bytesBefore = 0;

  constructor(socket: Socket, batch: WriteBatch) {
    this.#socket = socket;
    this.#batch = batch;
  }

  /** The next request begins. */
  begin(): void {
    this.#done = false;
    this.#bytesBefore = this.#socket.bytesWritten;
  }

  /** Whether a request waits for the end of the turn: none of it has left. */
  get waiting(): boolean {
    return this.#whole !== '';
  }

  /** Whether the request has been written as a whole. */
  get written(): boolean {
    return this.#done;
  }

  /** Whether all of the request has been handed to the system, which took it. */
  get left(): boolean {
    return this.#done && this.#socket.writableLength === 0 && !this.#deaf;
  }

  /** Bytes of the current request handed to the system. */
  get bytesSent(): number {
    return this.#socket.bytesWritten - this.#bytesBefore;
  }

  /** Whether the upstream takes no bytes any more. */
  get #deaf(): boolean {
    return this.#socket.errored !== null;
  }

  /** Without a body it leaves at the end of the turn; else the socket is corked, so that both leave in one call. */
  head(request: OutgoingRequest): void {
    const text = headText(request);
    if (request.hasBody) {
      this.#chunked = request.contentLength < 0;
      this.#socket.cork();
      this.#text(text);
    } else {
      this.#whole = text;
      this.#done = true;
      this.#batch.add(this);
    }
  }

  /** Writes bytes, which must stay untouched until they have left. */
  body(bytes: Buffer): void {
    if (this.#deaf) return;
    if (!this.#chunked) return void this.#socket.write(bytes);
    this.#socket.cork();
    this.#socket.write(chunkHeader(bytes.length), 'latin1');
    this.#socket.write(bytes);
    this.#socket.write(CRLF, 'latin1');
    this.#socket.uncork();
  }

  end(trailers: HeaderList): void {
    if (this.#chunked) this.#text(lastChunk(trailers));
    this.#done = true;
  }

  writeReady(): void {
    const text = this.#whole;
    this.#whole = '';
    if (text !== '') this.#text(text);
  }

  /** The connection is closed: what waits does not leave. */
  forget(): void {
    this.#whole = '';
  }

  /** Its characters are bytes. */
  #text(text: string): void {
    if (!this.#deaf) this.#socket.write(text, 'latin1');
  }
}

/** The head of a request, written anew: nothing of the client's framing is copied. */
function headText({
  contentLength,
  expectContinue,
  fields,
  hasBody,
  method,
  offered,
  target,
}: OutgoingRequest): string {
  let text = parsedRequestLine(method, target);
  for (let at = 0; at < fields.length; at += 2) text += parsedFieldLine(fields[at] ?? '', fields[at + 1] ?? '');
  if (contentLength >= 0) text += `Content-Length: ${contentLength}\r\n`;
  else if (hasBody) text += 'Transfer-Encoding: chunked\r\n';
  if (expectContinue) text += 'Expect: 100-continue\r\n';
  if (offered.length > 0) text += `Connection: Upgrade\r\nUpgrade: ${offered.join(', ')}\r\n`;
  return text + CRLF;
}
