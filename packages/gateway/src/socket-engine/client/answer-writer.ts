import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '@flotilla/contracts';
import { CRLF, chunkHeader, LAST_CHUNK, lastChunk, parsedFieldLine, parsedStatusLine } from '@flotilla/http1';
import type { HeaderList } from '../../headers/header-list.ts';
import { maxJoinedBytes } from '../memory/back-pressure.ts';
import type { AnswerHead } from '../sides/client-side.ts';
import type { Flushable, WriteBatch } from '../time/turn.ts';

/**
 * So much text is not gathered any longer. More than one read of an upstream brings with its head, so that what is held back
 * while it is read has not left.
 */
const maxGathered = 131_072;

/** Writes the answers of one HTTP/1 connection. What belongs to one read of the upstream leaves in one write. */
export class AnswerWriter implements Flushable {
  /** The client's version, of the request being answered. */
  minor: 0 | 1 = 1;
  /** Whether the end of the body is the end of the connection. */
  endsWithClose = false;
  readonly #socket: Duplex;
  readonly #dates: HttpDates;
  readonly #batch: WriteBatch | undefined;
  /** Answers that are complete and have not left. */
  #ready = '';
  /** What has not left of the answer that is being given. */
  #text = '';
  #chunked = false;
  #hasBody = false;
  /** What had not left when the last answer was given, or when it was last looked at. */
  #unsentBefore = 0;

  /** What was gathered and not handed to the system. */
  get gathered(): number {
    return this.#ready.length + this.#text.length;
  }

  /** @param batch makes complete answers leave at the end of the turn; without it they leave at once */
  constructor(socket: Duplex, dates: HttpDates, batch?: WriteBatch) {
    this.#socket = socket;
    this.#dates = dates;
    this.#batch = batch;
  }

  /** The next answer is for a request of this version. */
  begin(minor: 0 | 1): void {
    this.minor = minor;
    this.endsWithClose = false;
    this.#chunked = false;
    this.#hasBody = false;
  }

  interim(status: number, fields: HeaderList): void {
    this.#text += `${this.#lines(status, '', fields)}${CRLF}`;
    this.flush();
  }

  /** @param last whether the connection closes after this answer */
  head(head: AnswerHead, last: boolean): void {
    let text = this.#lines(head.status, head.reasonPhrase, head.fields);
    if (!hasField(head.fields, 'date')) text += this.#dates.line();
    if (head.contentLength >= 0) text += `Content-Length: ${head.contentLength}\r\n`;
    else if (head.hasBody) {
      this.#chunked = this.minor === 1;
      this.endsWithClose = this.minor === 0;
      if (this.#chunked) text += 'Transfer-Encoding: chunked\r\n';
    }
    // What is usual for HTTP/1.1 need not be said; an HTTP/1.0 client that asked to go on is told that it may.
    if (last || this.endsWithClose) text += 'Connection: close\r\n';
    else if (this.minor === 0) text += 'Connection: keep-alive\r\n';
    this.#hasBody = head.hasBody;
    this.#text += text + CRLF;
  }

  /**
   * @param lent the memory is only lent for the call; else it may be kept
   * @returns whether it is kept, because the system could not take all of it at once
   */
  body(chunk: Buffer, start: number, end: number, lent: boolean): boolean {
    const size = end - start;
    if (size === 0) return false;
    if (size <= maxJoinedBytes) {
      const bytes = chunk.toString('latin1', start, end);
      this.#text += this.#chunked ? chunkHeader(size) + bytes + CRLF : bytes;
      if (this.#text.length > maxGathered) this.flush();
      return false;
    }
    const part = chunk.subarray(start, end);
    this.#socket.cork();
    if (this.#chunked) this.#text += chunkHeader(size);
    this.flush();
    this.#socket.write(lent ? Buffer.from(part) : part);
    if (this.#chunked) this.#socket.write(CRLF, 'latin1');
    this.#socket.uncork();
    return !lent && this.#socket.writableLength > 0;
  }

  /** Forgets the answer, none of which has been handed to the system: another will be given in its place. */
  discard(): void {
    this.#text = '';
    this.begin(this.minor);
  }

  end(trailers: HeaderList): void {
    this.watchUnsent();
    if (this.#chunked && this.#hasBody) this.#text += trailers.length === 0 ? LAST_CHUNK : lastChunk(trailers);
    if (this.#batch === undefined) return this.flush();
    if (this.#text === '') return;
    this.#ready += this.#text;
    this.#text = '';
    this.#batch.add(this);
  }

  /** From here on the client should take something now and then. */
  watchUnsent(): void {
    this.#unsentBefore = this.#socket.writableLength;
  }

  /** Whether the client has taken nothing since an answer was given, or since the last look, though there is something to take. */
  isStuck(): boolean {
    const before = this.#unsentBefore;
    this.watchUnsent();
    return this.#unsentBefore > 0 && this.#unsentBefore >= before;
  }

  /** Hands complete answers to the system. */
  writeReady(): void {
    const text = this.#ready;
    if (text === '') return;
    this.#ready = '';
    this.#socket.write(text, 'latin1');
  }

  /** Hands all that was gathered to the system. */
  flush(): void {
    this.#ready += this.#text;
    this.#text = '';
    this.writeReady();
  }

  /** All fields come out of a parser or are made by the gateway from checked parts, so they are not checked once more. */
  #lines(status: number, reasonPhrase: string, fields: HeaderList): string {
    let text = parsedStatusLine(status, reasonPhrase === '' ? (STATUS_CODES[status] ?? '') : reasonPhrase);
    for (let at = 0; at < fields.length; at += 2) text += parsedFieldLine(fields[at] ?? '', fields[at + 1] ?? '');
    return text;
  }
}

/** `Date` fields (RFC 9110, 6.6.1): made once a second, not once an answer. */
export class HttpDates {
  readonly #clock: Clock;
  #second = -1;
  #line = '';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  line(): string {
    const second = Math.floor(this.#clock.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#line = `Date: ${new Date(second * 1000).toUTCString()}\r\n`;
    }
    return this.#line;
  }
}

function hasField(fields: HeaderList, lowerName: string): boolean {
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) return true;
  }
  return false;
}
