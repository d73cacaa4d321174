import { cutFields } from '../fields/field-list.ts';
import { DEFAULT_RESPONSE_LIMITS, type Limits } from '../fields/limits.ts';
import { SectionReader } from '../fields/section-reader.ts';
import type { Reason } from '../reasons/reasons.ts';
import { RESPONSE_REJECTIONS, type Rejection } from '../reasons/rejection.ts';
import { NO_TOKENS } from './connection.ts';
import type { Framing } from './framing.ts';
import { HeadFacts } from './head-facts.ts';
import type { HeadState } from './request-head-parser.ts';
import type { ResponseHead } from './response-head.ts';
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
  head: ResponseHead | undefined;
  /** Set while `state` is `rejected`. */
  rejection: Rejection | undefined;
  readonly #line = new StatusLineScanner();
  readonly #section: SectionReader;
  readonly #facts = new HeadFacts();
  #method = 'GET';
  #offered: readonly string[] = NO_TOKENS;
  #begun = false;

  constructor(limits: Limits = DEFAULT_RESPONSE_LIMITS) {
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
    const reason = facts.read(fields, ids, minor, false) ?? this.#statusReason(status, minor);
    if (reason !== undefined) return reason;
    const framing = this.#framing(status);
    this.head = {
      status,
      reasonPhrase: text.substring(reasonStart, reasonEnd),
      minor,
      fields,
      ids,
      informational: status < 200 && status !== 101,
      framing,
      contentLength: facts.contentLength,
      keepAlive: framing !== 'until-close' && status !== 101 && facts.persistent(minor),
      connection: facts.connection,
      upgrade: status === 101 ? facts.upgrade : NO_TOKENS,
      announcesTrailers: facts.chunked && facts.trailer,
    };
    return undefined;
  }

  /** What the status code forbids: framing fields on 1xx and 204 (RFC 9112 section 6), a switch nobody asked for. */
  #statusReason(status: number, minor: 0 | 1): Reason | undefined {
    const facts = this.#facts;
    const hasFraming = facts.chunked || facts.contentLength >= 0;
    if (hasFraming && (status < 200 || status === 204)) return 'body-not-allowed';
    // Some would wait for the final response and others take this for the last message.
    if (status < 200 && !facts.persistent(minor) && status !== 101) return 'close-before-final-response';
    if (status !== 101) return undefined;
    if (this.#offered.length === 0) return 'unexpected-switch';
    const switched = facts.upgrade.length > 0 && facts.upgrade.every((protocol) => this.#offered.includes(protocol));
    return minor === 1 && switched && facts.connection.includes('upgrade') ? undefined : 'bad-switch';
  }

  #framing(status: number): Framing {
    if (this.#method === 'HEAD' || status < 200 || status === 204 || status === 304) return 'none';
    if (this.#facts.chunked) return 'chunked';
    return this.#facts.contentLength >= 0 ? 'length' : 'until-close';
  }
}
