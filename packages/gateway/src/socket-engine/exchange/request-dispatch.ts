import { AppError } from '@flotilla/contracts';
import type { ParsedRequestHead, Rejection } from '@flotilla/http1';
import type { EngineLimits } from '../../config/limits.ts';
import type { Decision } from '../../engine/engine.ts';
import { ExchangeRecord } from '../../exchange/exchange-record.ts';
import { identify } from '../../headers/identify.ts';
import type { RequestHead } from '../../headers/request-head.ts';
import type { ClientSide, RequestSink } from '../sides/client-side.ts';
import type { IncomingRequest } from '../sides/incoming-request.ts';
import type { EngineParts } from './engine-parts.ts';
import { answerWithError } from './local-answer.ts';
import { policedExchange, policedStranger } from './policed-exchange.ts';
import { rejectionKind } from './rejection-kind.ts';
import { servingExchange } from './serving-exchange.ts';

/** What a head says that decides on it before any route does. */
export type HeadFacts = Pick<ParsedRequestHead, 'method' | 'unknownExpectation'>;

/** Gives each request the exchange that serves it, and each refused message its answer and its record. */
export class RequestDispatch {
  /** Requests begun and not yet finished. */
  active = 0;
  readonly #parts: EngineParts;
  readonly #limits: EngineLimits;

  constructor(parts: EngineParts, limits: EngineLimits) {
    this.#parts = parts;
    this.#limits = limits;
  }

  exchangeFor(client: ClientSide, incoming: IncomingRequest, facts: HeadFacts, startedAtMs: number): RequestSink {
    const { head } = incoming;
    const record = new ExchangeRecord(head, identify(this.#parts.traceIds, head), startedAtMs);
    const decision = this.#decide(head, facts);
    record.route = decision.route;
    this.active += 1;
    if (decision.policies.length > 0) return policedExchange(this.#parts, client, incoming, decision, record);
    return servingExchange(this.#parts, client, incoming, decision, record);
  }

  /** Answers a message that breaks a rule; the connection is closed afterwards. */
  refuse(client: ClientSide, rejected: Rejection, startedAtMs: number): void {
    const { reason, detail, status } = rejected;
    const parameters = { limitBytes: this.#limits.headBytes };
    this.#answer(
      client,
      new AppError(rejectionKind(status), { parameters, detail: `${detail} (${reason})` }),
      startedAtMs,
    );
  }

  headTimeout(client: ClientSide, startedAtMs: number): void {
    this.#answer(client, new AppError('REQUEST_TIMEOUT', { detail: 'The head did not arrive in time.' }), startedAtMs);
  }

  #answer(client: ClientSide, error: AppError, startedAtMs: number): void {
    const { clock, handler, traceIds } = this.#parts;
    const record = new ExchangeRecord(undefined, identify(traceIds, undefined), startedAtMs);
    const answered = handler.unrouted.length === 0 ? client : policedStranger(client, record, handler);
    answerWithError(answered, record, handler, error);
    record.endedAtMs = clock.monotonicMs();
    this.#parts.finished(record);
    answered.exchangeDone();
  }

  #decide(head: RequestHead, facts: HeadFacts): Decision {
    if (facts.unknownExpectation) {
      return this.#reject(new AppError('EXPECTATION_FAILED'));
    }
    // CONNECT would make this an open proxy, TRACE shows fields that scripts must not see.
    if (facts.method === 'CONNECT' || facts.method === 'TRACE') {
      const detail = `${facts.method} is not served.`;
      return this.#reject(new AppError('NOT_IMPLEMENTED', { detail }));
    }
    return this.#parts.handler.decide(head);
  }

  #reject(error: AppError): Decision {
    return { kind: 'reject', route: undefined, policies: this.#parts.handler.unrouted, error };
  }
}
