import { AppError, isAppError } from '@flotilla/contracts';
import type { Decision } from '../../engine/engine.ts';
import type { LocalResponse } from '../../engine/local-response.ts';
import type { ClientLoss, ExchangeRecord } from '../../exchange/exchange-record.ts';
import type { ClientSide, RequestSink } from '../sides/client-side.ts';
import type { IncomingRequest } from '../sides/incoming-request.ts';
import type { EngineParts } from './engine-parts.ts';
import { answerWithError, sendLocalResponse } from './local-answer.ts';
import { bodyError } from './rejection-error.ts';

type LocalDecision = Extract<Decision, { kind: 'local' }>;

/** What the gateway answers itself never takes longer unless it says so: whatever it calls has deadlines below this. */
const defaultLongestMs = 60_000;

/** One request that the gateway answers itself: gathers its small body, asks, and sends the answer. */
export class LocalExchange implements RequestSink {
  readonly #parts: EngineParts;
  readonly #client: ClientSide;
  readonly #incoming: IncomingRequest;
  readonly #decision: LocalDecision;
  readonly #record: ExchangeRecord;
  readonly #body: Buffer[] = [];
  #requestEnded: boolean;
  #started = false;
  #done = false;
  #abort: AbortController | undefined;

  constructor(
    parts: EngineParts,
    client: ClientSide,
    incoming: IncomingRequest,
    decision: LocalDecision,
    record: ExchangeRecord,
  ) {
    this.#parts = parts;
    this.#client = client;
    this.#incoming = incoming;
    this.#decision = decision;
    this.#record = record;
    this.#requestEnded = incoming.framing === 'none';
  }

  start(): void {
    if (this.#done) return;
    this.#started = true;
    if (this.#incoming.contentLength > this.#decision.bodyLimitBytes) return this.#refuseTooLarge();
    if (this.#requestEnded) return this.#respond();
    if (this.#incoming.expectContinue) this.#client.sendInterim(100, []);
    this.#client.setDeadline(this.#parts.bodyProgressMs);
  }

  onRequestBody(bytes: Buffer): void {
    if (this.#done) return;
    this.#record.requestBytes += bytes.length;
    if (this.#record.requestBytes > this.#decision.bodyLimitBytes) return this.#refuseTooLarge();
    this.#body.push(bytes);
    this.#client.setDeadline(this.#parts.bodyProgressMs);
  }

  onRequestEnd(): void {
    this.#requestEnded = true;
    if (this.#started && !this.#done) this.#respond();
  }

  onRequestInvalid(status: number, reason: string, detail: string): void {
    if (this.#done) return;
    this.#fail(bodyError(status, reason, detail));
  }

  onClientWritable(): void {
    // The answer is small and written as a whole.
  }

  onClientGone(loss: ClientLoss): void {
    if (this.#done) return;
    this.#record.ending = loss;
    // What was begun for it ends before it does.
    this.#abort?.abort();
    this.#finish();
  }

  onDeadline(): void {
    if (this.#done) return;
    if (!this.#requestEnded) return this.#fail(new AppError('REQUEST_TIMEOUT', { cause: 'the body stopped arriving' }));
    this.#abort?.abort();
    this.#fail(new AppError('GATEWAY_TIMEOUT', { parameters: { service: 'gateway' } }));
  }

  #respond(): void {
    const { identity, spans } = this.#record;
    const abort = new AbortController();
    this.#abort = abort;
    const body = this.#body.length === 0 ? Buffer.alloc(0) : Buffer.concat(this.#body);
    let answer: Promise<LocalResponse> | LocalResponse;
    try {
      const { head, edits } = this.#incoming;
      answer = this.#decision.respond({ head, identity, spans, body, signal: abort.signal, edits });
    } catch (error) {
      return this.#fail(asAppError(error));
    }
    if (!(answer instanceof Promise)) return this.#answer(answer);
    this.#client.setDeadline(this.#decision.longestMs ?? defaultLongestMs);
    answer.then(
      (response) => this.#answer(response),
      (error: unknown) => this.#fail(asAppError(error)),
    );
  }

  #answer(response: LocalResponse): void {
    if (this.#done) return;
    sendLocalResponse(this.#client, this.#record, response);
    this.#finish();
  }

  #fail(error: AppError): void {
    if (this.#done) return;
    answerWithError(this.#client, this.#record, this.#parts.handler, error);
    this.#finish();
  }

  #refuseTooLarge(): void {
    this.#fail(new AppError('PAYLOAD_TOO_LARGE', { parameters: { limitBytes: this.#decision.bodyLimitBytes } }));
  }

  #finish(): void {
    this.#done = true;
    this.#record.endedAtMs = this.#parts.clock.monotonicMs();
    this.#parts.finished(this.#record);
    this.#client.exchangeDone();
  }
}

function asAppError(error: unknown): AppError {
  return isAppError(error) ? error : new AppError('INTERNAL', { cause: error });
}
