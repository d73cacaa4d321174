import { type AppError, isAppError } from '@flotilla/contracts';
import type { LocalResponse } from '../../engine/local-response.ts';
import type { ClientLoss, ExchangeRecord } from '../../exchange/exchange-record.ts';
import type { ClientSide, RequestSink } from '../sides/client-side.ts';
import type { EngineParts } from './engine-parts.ts';
import { answerWithError, sendLocalResponse } from './local-answer.ts';

/**
 * A request that is answered at once, with an error or with what a policy says. A body that came along with its head is
 * passed over; if more of it is to come the connection closes after the answer, since nobody will read it.
 */
export class RefusedExchange implements RequestSink {
  readonly #parts: EngineParts;
  readonly #client: ClientSide;
  readonly #record: ExchangeRecord;
  readonly #answer: AppError | LocalResponse;
  #done = false;

  constructor(parts: EngineParts, client: ClientSide, record: ExchangeRecord, answer: AppError | LocalResponse) {
    this.#parts = parts;
    this.#client = client;
    this.#record = record;
    this.#answer = answer;
  }

  start(): void {
    if (this.#done) return;
    const answer = this.#answer;
    if (isAppError(answer)) answerWithError(this.#client, this.#record, this.#parts.handler, answer);
    else sendLocalResponse(this.#client, this.#record, answer);
    this.#finish();
  }

  onRequestBody(bytes: Buffer): void {
    this.#record.requestBytes += bytes.length;
  }

  onRequestEnd(): void {
    // Answered, or about to be.
  }

  onRequestInvalid(): void {
    // The answer is the same; the connection closes after it because the body has not ended.
  }

  onClientWritable(): void {
    // The answer is small and written as a whole.
  }

  onClientGone(loss: ClientLoss): void {
    if (this.#done) return;
    this.#record.ending = loss;
    this.#finish();
  }

  onDeadline(): void {
    // Answered within the same turn in which it began.
  }

  #finish(): void {
    this.#done = true;
    this.#record.endedAtMs = this.#parts.clock.monotonicMs();
    this.#parts.finished(this.#record);
    this.#client.exchangeDone();
  }
}
