import { cutFields } from '../fields/field-list.ts';
import { DEFAULT_RESPONSE_LIMITS, type Limits } from '../fields/limits.ts';
import { SectionReader } from '../fields/section-reader.ts';
import type { Reason } from '../reasons/reasons.ts';
import { RESPONSE_REJECTIONS, type Rejection } from '../reasons/rejection.ts';
import { NO_TOKENS } from './connection.ts';
import { HeadFacts } from './head-facts.ts';
import type { HeadState } from './request-head-parser.ts';
import type { ParsedResponseHead } from './response-head.ts';
import { StatusLineScanner } from './status-line.ts';

/**
 * Reads the response heads of one upstream connection.
 *
 * Call `expect` when a request is sent, then `push` while `state` is `need-more`. At `head`, look at `head`: after an
 * informational one call `reset` and go on, after a final one read the body and call `expect` for the next request.
 * At `rejected` answer 502 to the client and close the connection.
 */
export class ResponseHeadParser {
  state: HeadState = 'need-more';
  /** Set while `state` is `head`. */
  head: ParsedResponseHead | undefined;
  /** Set while `state` is `rejected`. */
  rejection: Rejection | undefined;
  readonly #line = new StatusLineScanner();
  readonly #section: SectionReader;
  readonly #maxHeadBytes: number;
  readonly #facts = new HeadFacts();
  #method = 'GET';
  #offered: readonly string[] = NO_TOKENS;
  #begun = false;
  /** Bytes of all heads since the request. */
  #headBytes = 0;
  /** A head before the final one says that the connection ends, or announces content that it cannot have. */
  #ends = false;

  constructor(limits: Limits = DEFAULT_RESPONSE_LIMITS) {
    this.#maxHeadBytes = limits.maxHeadBytes;
    this.#section = new SectionReader(limits, limits.maxHeadBytes, 'head-too-large', this.#line);
  }

  /** Whether a byte of the next head has come: until then a request that failed may be sent again when that is safe. */
  get begun(): boolean {
    return this.#begun;
  }

  /**
   * Tells which request the next final response answers; also resets.
   * `offered` are the lower-cased protocols of the Upgrade field that was really sent; without it a 101 is refused.
   */
  expect(method: string, offered: readonly string[] = NO_TOKENS): void {
    this.#method = method;
    this.#offered = offered;
    this.#headBytes = 0;
    this.#ends = false;
    this.reset();
  }

  /** Makes the parser ready for the next head that answers the same request, after an informational one. */
  reset(): void {
    this.state = 'need-more';
    this.head = undefined;
    this.rejection = undefined;
    this.#begun = false;
    this.#section.reset();
  }

  /** Reads `chunk[start..end)` and returns how many bytes belonged to the head. The chunk is not kept. */
  push(chunk: Buffer, start: number, end: number): number {
    if (this.state !== 'need-more' || start === end) return 0;
    this.#begun = true;
    const section = this.#section;
    const taken = section.push(chunk, start, end);
    this.#headBytes += taken;
    if (section.state === 'need-more') return taken;
    const reason = section.state === 'done' ? this.#build() : section.reason;
    if (reason === undefined) this.state = 'head';
    else {
      this.state = 'rejected';
      this.rejection = RESPONSE_REJECTIONS[reason];
    }
    return taken;
  }

  #build(): Reason | undefined {
    const { text, fields: scanner } = this.#section;
    const { status, minor, reasonStart, reasonEnd } = this.#line;
    const { fields, ids } = cutFields(text, scanner);
    const facts = this.#facts;
    const bodiless = this.#endsWithHead(status);
    const kind = bodiless ? 'bodiless' : 'response';
    const reason = facts.read(fields, ids, minor, scanner.tabInCoding, kind) ?? this.#statusReason(status, minor);
    if (reason !== undefined) return reason;
    const framing = bodiless ? 'none' : facts.chunked ? 'chunked' : facts.contentLength >= 0 ? 'length' : 'until-close';
    const hasContent = facts.chunked || facts.contentLength > 0;
    // A length of the content that a GET would have had is told by HEAD and 304 only (RFC 9112 section 6).
    const neverHasContent = status < 200 || status === 204;
    if (!facts.persistent(minor) || (neverHasContent && hasContent)) this.#ends = true;
    this.head = {
      status,
      reasonPhrase: text.substring(reasonStart, reasonEnd),
      minor,
      fields,
      ids,
      informational: status < 200 && status !== 101,
      framing,
      hasBody: !bodiless,
      contentLength: neverHasContent ? -1 : facts.contentLength,
      keepAlive: !this.#ends && status !== 101 && framing !== 'until-close',
      connection: facts.connection,
      upgrade: status === 101 ? facts.upgrade : NO_TOKENS,
      announcesTrailers: facts.chunked && facts.trailer,
    };
    return undefined;
  }

  /** What the status code forbids: a switch nobody asked for, and informational heads without end. */
  #statusReason(status: number, minor: 0 | 1): Reason | undefined {
    if (status >= 200) return undefined;
    if (status !== 101) return this.#headBytes > this.#maxHeadBytes ? 'interim-heads-too-large' : undefined;
    if (this.#offered.length === 0) return 'unexpected-switch';
    const { connection, upgrade } = this.#facts;
    const switched = upgrade.length > 0 && upgrade.every((protocol) => this.#offered.includes(protocol));
    return minor === 1 && switched && connection.includes('upgrade') ? undefined : 'bad-switch';
  }

  #endsWithHead(status: number): boolean {
    return this.#method === 'HEAD' || status < 200 || status === 204 || status === 304;
  }
}
