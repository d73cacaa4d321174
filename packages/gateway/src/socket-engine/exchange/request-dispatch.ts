import { AppError } from '@flotilla/contracts';
import type { ParsedRequestHead, Rejection } from '@flotilla/http1';
import type { EngineLimits } from '../../config/limits.ts';
import type { Decision } from '../../engine/engine.ts';
import { ExchangeRecord } from '../../exchange/exchange-record.ts';
import { RequestSpans } from '../../exchange/request-spans.ts';
import { identify, type RequestHead } from '../../headers/request-head.ts';
import type { ClientSide, RequestSink } from '../sides/client-side.ts';
import type { IncomingRequest } from '../sides/incoming-request.ts';
import type { EngineParts } from './engine-parts.ts';
import { answerWithError } from './local-answer.ts';
import { LocalExchange } from './local-exchange.ts';
import { policedExchange, policedStranger, type Serve } from './policed-exchange.ts';
import { ProxyExchange } from './proxy-exchange.ts';
import { RefusedExchange } from './refused-exchange.ts';
import { rejectionKind } from './rejection-error.ts';

/** What a head says that decides on it before any route does. */
export type HeadFacts = Pick<ParsedRequestHead, 'method' | 'unknownExpectation'>;

/** Gives each request the exchange that serves it, and each refused message its answer and its record. */
export class RequestDispatch {
  /** Requests begun and not yet finished. */
  active = 0;
  /** Whether each connection takes no further request than the one it serves. */
  draining = false;
  readonly #parts: EngineParts;
  readonly #limits: EngineLimits;

  constructor(parts: Omit<EngineParts, 'finished'>, limits: EngineLimits) {
    this.#parts = { ...parts, finished: (record) => this.#finished(record) };
    this.#limits = limits;
  }

  /** The exchange for a request; `startedAtMs`: its first byte. */
  exchangeFor(client: ClientSide, incoming: IncomingRequest, facts: HeadFacts, startedAtMs: number): RequestSink {
    const { head } = incoming;
    const record = this.#recordOf(head, startedAtMs);
    const decision = this.#decide(head, facts);
    record.route = decision.route;
    this.active += 1;
    if (decision.policies.length > 0) return policedExchange(this.#parts, client, incoming, decision, record, serve);
    return serve(this.#parts, client, incoming, decision, record);
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

  /** Answers a head that did not arrive in time. */
  headTimeout(client: ClientSide, startedAtMs: number): void {
    this.#answer(client, new AppError('REQUEST_TIMEOUT', { detail: 'The head did not arrive in time.' }), startedAtMs);
  }

  #answer(client: ClientSide, error: AppError, startedAtMs: number): void {
    const { clock, handler } = this.#parts;
    const record = this.#recordOf(undefined, startedAtMs);
    const answered = handler.unrouted.length === 0 ? client : policedStranger(client, record, handler);
    answerWithError(answered, record, handler, error);
    record.endedAtMs = clock.monotonicMs();
    this.#parts.finished(record);
    answered.exchangeDone();
  }

  #recordOf(head: RequestHead | undefined, startedAtMs: number): ExchangeRecord {
    const { clock, tracer } = this.#parts;
    const identity = identify(tracer, head);
    const spans = tracer.enabled ? new RequestSpans(tracer, clock, identity.trace) : undefined;
    return new ExchangeRecord(head, identity, startedAtMs, spans);
  }

  #finished(record: ExchangeRecord): void {
    if (record.head !== undefined) this.active -= 1;
    this.#parts.handler.finished(record);
  }

  #decide(head: RequestHead, facts: HeadFacts): Decision {
    if (facts.unknownExpectation) {
      return this.#reject(new AppError('EXPECTATION_FAILED'));
    }
    // CONNECT would make this an open proxy, TRACE shows fields that scripts must not see.
    if (facts.method === 'CONNECT' || facts.method === 'TRACE') {
      const detail = `The gateway does not support ${facts.method}.`;
      return this.#reject(new AppError('NOT_IMPLEMENTED', { detail }));
    }
    return this.#parts.handler.decide(head);
  }

  #reject(error: AppError): Decision {
    return { kind: 'reject', route: undefined, policies: this.#parts.handler.unrouted, error };
  }
}

const serve: Serve = (parts, client, incoming, decision, record) => {
  switch (decision.kind) {
    case 'proxy':
      return new ProxyExchange(parts, client, incoming, decision, record);
    case 'local':
      return new LocalExchange(parts, client, incoming, decision, record);
    case 'reject':
      return new RefusedExchange(parts, client, record, decision.error);
    default:
      return decision satisfies never;
  }
};
