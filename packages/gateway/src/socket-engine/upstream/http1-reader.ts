import { BodyDecoder, type ParsedResponseHead, ResponseHeadParser } from '@flotilla/http1';
import type { HeaderList } from '../../headers/header-list.ts';
import { BodyMemory } from '../memory/read-memory.ts';
import type { AttemptSink, ResponseSink } from '../sides/response-sink.ts';
import type { OutgoingRequest } from '../sides/upstream-side.ts';
import type { PoolSettings } from './pool-settings.ts';

/**
 * How far a read has come.
 * - `in-head`: more of the head is to come.
 * - `paused`: all that came has been handed over, and more is to come.
 * - `end`: the response is complete.
 * - `switch`: it is a 101.
 * - `invalid`: it breaks a rule.
 * - `given-up`: whoever waited for it does no longer.
 */
type Reading = 'in-head' | 'paused' | 'end' | 'switch' | 'invalid' | 'given-up';

/** Reads the responses of one connection by the rules of RFC 9112 and hands them over. */
export class Http1Reader {
  /** What the next read goes into. */
  readonly memory: BodyMemory;
  /** Whose attempt waits for the response; undefined: nobody's. */
  attempt: AttemptSink | undefined;
  /** The final head of the response being read. */
  head: ParsedResponseHead | undefined;
  /** Where in the chunk that was read last the response has ended. */
  position = 0;
  readonly #parser: ResponseHeadParser;
  readonly #decoder: BodyDecoder;
  readonly #onHead: (head: ParsedResponseHead) => void;
  #inBody = false;

  /** @param onHead called with a final head before who waits for it */
  constructor({ limits, memory }: PoolSettings, onHead: (head: ParsedResponseHead) => void) {
    this.memory = new BodyMemory(memory);
    this.#parser = new ResponseHeadParser(limits);
    this.#decoder = new BodyDecoder('response', limits);
    this.#onHead = onHead;
  }

  get inBody(): boolean {
    return this.#inBody;
  }

  /** The trailers of a response that is complete. */
  get trailers(): HeaderList {
    return this.#decoder.trailers;
  }

  /** The rule that an invalid response breaks. */
  get reason(): string {
    const { rejection } = this.#inBody ? this.#decoder : this.#parser;
    return rejection?.reason ?? 'rejected';
  }

  /** What comes next answers `request`. */
  expect(attempt: AttemptSink, request: OutgoingRequest): void {
    this.attempt = attempt;
    this.head = undefined;
    this.#inBody = false;
    this.#parser.expect(request.method, request.offered);
  }

  /** Nobody waits any more: the response is complete or given up. */
  stop(): void {
    this.attempt = undefined;
    this.memory.reset();
  }

  read(chunk: Buffer, count: number, attempt: AttemptSink): Reading {
    const parser = this.#parser;
    const { response } = attempt;
    let at = 0;
    while (!this.#inBody && at < count) {
      at += parser.push(chunk, at, count);
      const { head } = parser;
      if (head === undefined) return parser.state === 'rejected' ? 'invalid' : 'in-head';
      if (head.informational) {
        response.onInterim(head);
        if (this.attempt !== attempt) return 'given-up';
        parser.reset();
        continue;
      }
      this.head = head;
      this.position = at;
      if (head.status === 101) return 'switch';
      this.#inBody = true;
      this.#decoder.start(head.framing, head.contentLength);
      this.#onHead(head);
      response.onHead(head);
      if (this.attempt !== attempt) return 'given-up';
    }
    return this.#inBody ? this.#readBody(chunk, at, count, attempt, response) : 'paused';
  }

  /** The connection has ended. Whether that is the end of the response too: of a body without other framing. */
  finish(): boolean {
    return this.#inBody && this.#decoder.finish();
  }

  #readBody(chunk: Buffer, from: number, count: number, attempt: AttemptSink, response: ResponseSink): Reading {
    const decoder = this.#decoder;
    const lent = this.memory.isLent(chunk);
    let event = decoder.read(chunk, from, count);
    while (event === 'data') {
      const kept = response.onBody(chunk, decoder.dataStart, decoder.dataEnd, lent);
      if (kept) this.memory.kept(chunk, decoder.receivedBytes);
      if (this.attempt !== attempt) return 'given-up';
      event = decoder.read(chunk, decoder.position, count);
    }
    this.position = decoder.position;
    if (event === 'end') return 'end';
    if (event !== 'need-more') return 'invalid';
    this.memory.goOn(decoder.receivedBytes);
    return 'paused';
  }
}
