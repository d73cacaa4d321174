import type { AppError } from '@flotilla/contracts';
import type { Decision } from '../../engine/engine.ts';
import type { CutEnding, ExchangeRecord } from '../../exchange/exchange-record.ts';
import { relocateFields } from '../../headers/location-fields.ts';
import { clientResponseFields, namesPlace } from '../../headers/response-fields.ts';
import { maxJoinedBytes } from '../memory/back-pressure.ts';
import type { ClientSide } from '../sides/client-side.ts';
import type { ReceivedHead } from '../sides/response-sink.ts';
import type { EngineParts } from './engine-parts.ts';
import { answerWithError } from './local-answer.ts';
import type { RequestBody } from './request-body.ts';

/** A short answer that takes longer than this to arrive flows from then on, as it comes. */
const longestHeldMs = 1_000;

/**
 * How far an answer is. `held`: nothing of it has left yet, so that one that breaks can still be had from another instance,
 * or be answered with an error. A short one is held until it is whole, others while the bytes are read that came with the head.
 */
export type AnswerProgress = 'none' | 'held' | 'started';

/** What the client of a request that is passed on gets: a service's answer as it comes, or an error in its place. */
export class RelayedAnswer {
  progress: AnswerProgress = 'none';
  readonly #parts: EngineParts;
  readonly #client: ClientSide;
  readonly #record: ExchangeRecord;
  readonly #request: RequestBody | undefined;
  #short = false;

  /** @param request kept for another attempt until the answer starts */
  constructor(parts: EngineParts, client: ClientSide, record: ExchangeRecord, request: RequestBody | undefined) {
    this.#parts = parts;
    this.#client = client;
    this.#record = record;
    this.#request = request;
  }

  /**
   * A service has begun to answer.
   *
   * @param host what the client has asked
   * @returns false: the client has been given another one, and the rest of this one is nobody's
   */
  head(head: ReceivedHead, host: string, { pool, route }: Extract<Decision, { kind: 'proxy' }>): boolean {
    const { contentLength, hasBody, reasonPhrase, status } = head;
    this.#record.status = status;
    this.#record.upstreamFirstByteAtMs = this.#parts.clock.monotonicMs();
    this.progress = 'held';
    this.#short = hasBody && contentLength >= 0 && contentLength <= maxJoinedBytes;
    const fields = clientResponseFields(head, this.#record.identity);
    if (namesPlace(head.ids)) relocateFields(fields, route.relocation, host, pool.set.all);
    return this.#client.sendHead({ status, reasonPhrase, fields, contentLength, hasBody });
  }

  /** All that one read brought is here: it leaves, unless the answer is short and may soon be whole. */
  readEnd(): void {
    const heldMs = this.#parts.clock.monotonicMs() - this.#record.upstreamFirstByteAtMs;
    if (!this.#short || heldMs >= longestHeldMs) this.start();
  }

  /** From here on it leaves as it comes, and no other can be given. */
  start(): void {
    if (this.progress !== 'held') return;
    this.progress = 'started';
    this.#request?.answered();
  }

  /** Takes back what is held: another attempt answers, or the gateway. */
  discard(): void {
    if (this.progress !== 'held') return;
    this.progress = 'none';
    this.#record.responseBytes = 0;
    this.#client.discard();
  }

  /** Tells the client of an error, if it has nothing of an answer yet: another would be read as part of that. */
  error(error: AppError): void {
    if (this.progress === 'started') {
      this.#record.error = error;
      return this.cut('request-refused');
    }
    this.discard();
    answerWithError(this.#client, this.#record, this.#parts.handler, error);
  }

  /** The client has part of an answer that will not be whole. */
  cut(ending: CutEnding): void {
    this.#record.ending = ending;
    this.#client.cut();
  }
}
