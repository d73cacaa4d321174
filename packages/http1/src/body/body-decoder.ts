import { CR, LF } from '../bytes/char-class.ts';
import { cutFields, type FieldList } from '../fields/field-list.ts';
import { DEFAULT_LIMITS, type Limits } from '../fields/limits.ts';
import { SectionReader } from '../fields/section-reader.ts';
import type { Framing } from '../head/framing.ts';
import type { Reason } from '../reasons/reasons.ts';
import { REQUEST_REJECTIONS, RESPONSE_REJECTIONS, type Rejection } from '../reasons/rejection.ts';
import { ChunkScanner } from './chunk-scanner.ts';
import { FORBIDDEN_TRAILERS } from './forbidden-trailers.ts';

/**
 * What `read` found. `data`: content at `chunk[dataStart..dataEnd)`. `need-more`: every byte was taken. `end`: the body is
 * complete; bytes from `position` on belong to the next message. `rejected`: close the connection, in both directions.
 */
export type BodyEvent = 'data' | 'need-more' | 'end' | 'rejected';

const CHUNK_LINE = 0;
const CONTENT = 1;
const CONTENT_CR = 2;
const CONTENT_LF = 3;
const TRAILERS = 4;
const ENDED = 5;
const REJECTED = 6;

const NO_TRAILERS: FieldList = Object.freeze([]);

/**
 * Finds the content of bodies, one after the other, in bytes in any split. Content is handed out as ranges of the
 * caller's own chunk; nothing is copied but trailers that arrive in pieces.
 */
export class BodyDecoder {
  /** Where to go on reading in the chunk after `read`. */
  position = 0;
  dataStart = 0;
  dataEnd = 0;
  /** Content bytes seen so far, without framing. */
  receivedBytes = 0;
  /** The trailers of a chunked body once it ended, checked like fields of a head. */
  trailers: FieldList = NO_TRAILERS;
  rejection: Rejection | undefined;
  readonly #rejections: Readonly<Record<Reason, Rejection>>;
  readonly #maxBodyBytes: number;
  readonly #chunk: ChunkScanner;
  readonly #limits: Limits;
  /** Made when the first trailer comes, since most connections never see one. */
  #section: SectionReader | undefined;
  /** A byte of the trailer section was taken. */
  #inTrailers = false;
  #framing: Framing = 'none';
  #state = ENDED;
  /** Bytes to come of the body, or of the current chunk. */
  #left = 0;

  /** `role` decides on the status of rejections: that of the table for requests, 502 for responses. */
  constructor(role: 'request' | 'response', limits: Limits = DEFAULT_LIMITS) {
    this.#rejections = role === 'request' ? REQUEST_REJECTIONS : RESPONSE_REJECTIONS;
    this.#maxBodyBytes = limits.maxBodyBytes;
    this.#chunk = new ChunkScanner(limits.maxChunkExtensionBytes, role === 'response');
    this.#limits = limits;
  }

  /** Begins a body; pass `framing` and `contentLength` of its head. */
  start(framing: Framing, contentLength: number): void {
    this.#framing = framing;
    this.receivedBytes = 0;
    this.trailers = NO_TRAILERS;
    this.rejection = undefined;
    this.#left = framing === 'length' ? contentLength : framing === 'until-close' ? Number.POSITIVE_INFINITY : 0;
    if (framing === 'chunked') {
      this.#chunk.reset();
      this.#section?.reset();
      this.#inTrailers = false;
      this.#state = CHUNK_LINE;
    } else this.#state = this.#left > 0 ? CONTENT : ENDED;
    if (framing === 'length' && contentLength > this.#maxBodyBytes) this.#refuse('body-too-large');
  }

  /** Whether the body is complete. True at once after `start` for a message without content. */
  get ended(): boolean {
    return this.#state === ENDED;
  }

  /** Takes the next piece of `chunk[from..end)`. Call it again from `position` until it gives something else than `data`. */
  read(chunk: Buffer, from: number, end: number): BodyEvent {
    let p = from;
    for (;;) {
      switch (this.#state) {
        case ENDED:
          this.position = p;
          return 'end';
        case REJECTED:
          this.position = p;
          return 'rejected';
        case CONTENT:
          this.position = p;
          return p < end ? this.#content(p, end) : 'need-more';
        case TRAILERS:
          p = this.#readTrailers(chunk, p, end);
          break;
        case CHUNK_LINE:
          p = this.#chunk.scan(chunk, p, end);
          if (this.#chunk.reason !== undefined) this.#refuse(this.#chunk.reason);
          else if (this.#chunk.done) this.#beginChunk();
          break;
        default:
          if (p === end) break;
          if (this.#state === CONTENT_CR) {
            if (chunk[p] === CR) this.#state = CONTENT_LF;
            else this.#refuse('bad-chunk-end');
          } else if (chunk[p] === LF) {
            this.#chunk.next();
            this.#state = CHUNK_LINE;
          } else this.#refuse('bad-chunk-end');
          if (this.#state !== REJECTED) p++;
      }
      // ENDED and REJECTED are told without another byte.
      if (p === end && this.#state < ENDED) {
        this.position = p;
        return 'need-more';
      }
    }
  }

  /** The connection ended. True when that completes the body; false: it is cut off and must not pass for complete. */
  finish(): boolean {
    if (this.#framing === 'until-close' && this.#state === CONTENT) this.#state = ENDED;
    return this.#state === ENDED;
  }

  #content(start: number, end: number): BodyEvent {
    const size = Math.min(this.#left, end - start);
    this.receivedBytes += size;
    if (this.receivedBytes > this.#maxBodyBytes) {
      this.#refuse('body-too-large');
      return 'rejected';
    }
    this.#left -= size;
    if (this.#left === 0) this.#state = this.#framing === 'chunked' ? CONTENT_CR : ENDED;
    this.dataStart = start;
    this.dataEnd = start + size;
    this.position = this.dataEnd;
    return 'data';
  }

  #beginChunk(): void {
    const { size } = this.#chunk;
    this.#left = size;
    if (size === 0) this.#state = TRAILERS;
    else if (this.receivedBytes + size > this.#maxBodyBytes) this.#refuse('body-too-large');
    else this.#state = CONTENT;
  }

  #readTrailers(chunk: Buffer, start: number, end: number): number {
    // The usual end: no trailers, in the same packet as the last chunk.
    if (!this.#inTrailers && start + 1 < end && chunk[start] === CR && chunk[start + 1] === LF) {
      this.#state = ENDED;
      return start + 2;
    }
    this.#inTrailers ||= start < end;
    const section = (this.#section ??= this.#createSection());
    const taken = section.push(chunk, start, end);
    if (section.reason !== undefined) this.#refuse(section.reason);
    else if (section.state === 'done') {
      if (section.fields.count > 0) this.trailers = cutFields(section.text, section.fields).fields;
      this.#state = ENDED;
    }
    return start + taken;
  }

  #createSection(): SectionReader {
    const limits = this.#limits;
    return new SectionReader(limits, limits.maxTrailerBytes, 'trailers-too-large', undefined, FORBIDDEN_TRAILERS);
  }

  #refuse(reason: Reason): void {
    this.rejection = this.#rejections[reason];
    this.#state = REJECTED;
  }
}
