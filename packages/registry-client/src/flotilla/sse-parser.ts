/** One server-sent event, as the HTML standard dispatches it. */
export interface SseEvent {
  /** The `event` field; `message` when there was none. */
  readonly type: string;
  /** The `data` fields, joined with line feeds. */
  readonly data: string;
  /** The last `id` seen on the stream. */
  readonly id: string;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads an event stream (HTML standard, section 9.2.6) from chunks that may be split anywhere, within a character too.
 * Lines end with LF, CRLF or CR. Comments and `retry` are passed over: the client has its own backoff. Unlike a
 * browser it has a bound: one event of more than `maxEventBytes` throws, as it would otherwise fill the memory.
 */
export class SseParser {
  readonly #onEvent: (event: SseEvent) => void;
  readonly #maxEventBytes: number;
  /** The pieces of a line whose end has not come yet. */
  #pieces: Buffer[] = [];
  #lineBytes = 0;
  /** The bytes of the present event's earlier lines, as far as they are kept. */
  #dataBytes = 0;
  /** The last chunk ended with CR: a LF at the start of the next one belongs to it. */
  #afterCarriageReturn = false;
  #firstLine = true;
  #type = '';
  #data: string[] = [];
  #id = '';

  constructor(onEvent: (event: SseEvent) => void, maxEventBytes: number) {
    this.#onEvent = onEvent;
    this.#maxEventBytes = maxEventBytes;
  }

  /** Takes the next bytes and calls `onEvent` for each event they complete. */
  push(chunk: Buffer): void {
    let start = 0;
    if (this.#afterCarriageReturn && chunk.length > 0) {
      this.#afterCarriageReturn = false;
      if (chunk[0] === lineFeed) start = 1;
    }
    // Each search result is kept until it is passed, so a chunk is scanned once for each kind of line end.
    let nextLineFeed = -2;
    let nextCarriageReturn = -2;
    while (start < chunk.length) {
      if (nextLineFeed !== -1 && nextLineFeed < start) nextLineFeed = chunk.indexOf(lineFeed, start);
      if (nextCarriageReturn !== -1 && nextCarriageReturn < start)
        nextCarriageReturn = chunk.indexOf(carriageReturn, start);
      const isReturn = nextCarriageReturn >= 0 && (nextLineFeed < 0 || nextCarriageReturn < nextLineFeed);
      const end = isReturn ? nextCarriageReturn : nextLineFeed;
      if (end < 0) break;
      this.#endLine(chunk.subarray(start, end));
      start = end + 1;
      if (!isReturn) continue;
      if (start === chunk.length) this.#afterCarriageReturn = true;
      else if (chunk[start] === lineFeed) start += 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  #keep(piece: Buffer): void {
    this.#lineBytes += piece.length;
    if (this.#lineBytes + this.#dataBytes > this.#maxEventBytes)
      throw new Error(`an event in the stream is larger than ${this.#maxEventBytes} bytes`);
    this.#pieces.push(piece);
  }

  #endLine(lastPiece: Buffer): void {
    this.#keep(lastPiece);
    let line = this.#pieces.length === 1 ? lastPiece : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#lineBytes = 0;
    if (this.#firstLine) {
      this.#firstLine = false;
      if (line.subarray(0, 3).equals(byteOrderMark)) line = line.subarray(3);
    }
    if (line.length === 0) this.#dispatch();
    else this.#field(line.toString('utf8'));
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (name === 'data') {
      this.#data.push(value);
      // One more for the joining line feed, so that empty lines have a bound as well.
      this.#dataBytes += Buffer.byteLength(value) + 1;
    } else if (name === 'event') this.#type = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
  }

  #dispatch(): void {
    const data = this.#data;
    const type = this.#type === '' ? 'message' : this.#type;
    this.#data = [];
    this.#type = '';
    this.#dataBytes = 0;
    if (data.length > 0) this.#onEvent({ type, data: data.join('\n'), id: this.#id });
  }
}
