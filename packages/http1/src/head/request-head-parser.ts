import { CR, LF } from '../bytes/char-class.ts';
import { strippedParts } from '../bytes/token.ts';
import { cutFields } from '../fields/field-list.ts';
import { DEFAULT_LIMITS, type Limits } from '../fields/limits.ts';
import { SectionReader } from '../fields/section-reader.ts';
import type { Reason } from '../reasons/reasons.ts';
import { REQUEST_REJECTIONS, type Rejection } from '../reasons/rejection.ts';
import { NO_TOKENS } from './connection.ts';
import { HeadFacts } from './head-facts.ts';
import { knownMethod } from './methods.ts';
import type { ParsedRequestHead } from './request-head.ts';
import { RequestLineScanner } from './request-line.ts';
import { hasValidPercents, readSpecialTarget, type TargetForm } from './target.ts';

const SLASH = 0x2f;

// How much has been taken of the one empty line that may stand before a request line.
const NOTHING = 0;
const ITS_CR = 1;
const ITS_LF = 2;

export type HeadState = 'need-more' | 'head' | 'rejected';

/**
 * Reads request heads, one after the other, from bytes in any split. One parser serves a connection for its whole life.
 *
 * Call `push` while `state` is `need-more`. At `head`, take `head`, read its body with a BodyDecoder and then `reset`.
 * At `rejected`, answer `rejection.status` and close: nothing that follows on that connection has a sure meaning.
 */
export class RequestHeadParser {
  state: HeadState = 'need-more';
  /** Set while `state` is `head`. */
  head: ParsedRequestHead | undefined;
  /** Set while `state` is `rejected`. */
  rejection: Rejection | undefined;
  readonly #line: RequestLineScanner;
  readonly #section: SectionReader;
  readonly #facts = new HeadFacts();
  #begun = false;
  #emptyLine = NOTHING;

  constructor(limits: Limits = DEFAULT_LIMITS) {
    this.#line = new RequestLineScanner(limits.maxTargetBytes);
    this.#section = new SectionReader(limits, limits.maxHeadBytes, 'head-too-large', this.#line);
  }

  /**
   * Whether a byte of the next head has come: tells a connection that is idle from one whose client is slow. An empty line,
   * which some clients send after a body, is no such byte.
   */
  get begun(): boolean {
    return this.#begun;
  }

  /** Makes the parser ready for the next head. */
  reset(): void {
    this.state = 'need-more';
    this.head = undefined;
    this.rejection = undefined;
    this.#begun = false;
    this.#emptyLine = NOTHING;
    this.#section.reset();
  }

  /**
   * Reads `chunk[start..end)` and returns how many bytes belonged to the head. What follows is body or the next request.
   * The chunk is not kept: a head that is not complete yet is copied.
   */
  push(chunk: Buffer, start: number, end: number): number {
    if (this.state !== 'need-more' || start === end) return 0;
    let from = start;
    if (!this.#begun) {
      if (chunk[start] === CR || this.#emptyLine === ITS_CR) {
        from = this.#skipEmptyLine(chunk, start, end);
        if (from === end || this.rejection !== undefined) return from - start;
      }
      this.#begun = true;
    }
    const section = this.#section;
    const taken = from - start + section.push(chunk, from, end);
    if (section.state === 'need-more') return taken;
    const reason = section.state === 'done' ? this.#build() : section.reason;
    if (reason === undefined) this.state = 'head';
    else this.#reject(reason);
    return taken;
  }

  /** One empty line before a request line means nothing (RFC 9112 section 2.2). */
  #skipEmptyLine(chunk: Buffer, start: number, end: number): number {
    let p = start;
    if (this.#emptyLine === NOTHING) {
      if (chunk[p] !== CR) return p;
      this.#emptyLine = ITS_CR;
      p++;
    }
    if (this.#emptyLine === ITS_CR && p < end) {
      if (chunk[p] === LF) {
        this.#emptyLine = ITS_LF;
        p++;
      } else this.#reject('whitespace-before-start-line');
    }
    return p;
  }

  #reject(reason: Reason): void {
    this.state = 'rejected';
    this.rejection = REQUEST_REJECTIONS[reason];
  }

  #build(): Reason | undefined {
    const { text, fields: scanner } = this.#section;
    const { methodEnd, targetEnd, minor } = this.#line;
    const method = knownMethod(text, methodEnd);
    if (method === undefined) return 'unknown-method';
    const target = text.substring(methodEnd + 1, targetEnd);
    if (!hasValidPercents(target)) return 'bad-percent-encoding';
    let form: TargetForm = 'origin';
    let pathAndQuery = target;
    let scheme = '';
    let authority: string | undefined;
    if (target.charCodeAt(0) !== SLASH || method === 'CONNECT') {
      const special = readSpecialTarget(method, target);
      if (typeof special === 'string') return special;
      ({ form, pathAndQuery, scheme } = special);
      if (special.authority !== '') authority = special.authority;
    }
    const { fields, ids } = cutFields(text, scanner);
    const facts = this.#facts;
    const reason = facts.read(fields, ids, minor, scanner.tabInCoding, 'request');
    if (reason !== undefined) return reason;
    if (facts.host === undefined && minor === 1) return 'missing-host';
    const { chunked, contentLength, expect } = facts;
    const hasFraming = chunked || contentLength >= 0;
    if ((chunked || contentLength > 0) && (method === 'TRACE' || method === 'CONNECT')) return 'body-not-allowed';
    const expectation = expect === undefined ? 'none' : expectationOf(expect);
    this.head = {
      method,
      target,
      form,
      pathAndQuery,
      scheme,
      host: authority ?? facts.host ?? '',
      minor,
      fields,
      ids,
      framing: chunked ? 'chunked' : hasFraming ? 'length' : 'none',
      contentLength,
      keepAlive: facts.persistent(minor),
      connection: facts.connection,
      upgrade: minor === 1 && facts.connection.includes('upgrade') ? facts.upgrade : NO_TOKENS,
      expectContinue: expectation === 'continue' && minor === 1 && (chunked || contentLength > 0),
      unknownExpectation: expectation === 'unknown' && minor === 1,
      announcesTrailers: chunked && facts.trailer,
    };
    return undefined;
  }
}

/** What an Expect value asks for: it is a list, and 100-continue is the one member that is known (RFC 9110 section 10.1.1). */
function expectationOf(value: string): 'none' | 'continue' | 'unknown' {
  if (value === '100-continue') return 'continue';
  const members = strippedParts(value);
  if (members.length === 0) return 'none';
  return members.every((member) => member.toLowerCase() === '100-continue') ? 'continue' : 'unknown';
}
