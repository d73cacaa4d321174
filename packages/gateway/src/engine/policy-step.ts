import type { AppError } from '@flotilla/contracts';
import type { Route } from '../config/route.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import type { RequestSpans } from '../exchange/request-spans.ts';
import type { FieldEdits } from '../headers/field-edits.ts';
import type { HeaderList } from '../headers/header-list.ts';
import type { RequestHead, RequestIdentity } from '../headers/request-head.ts';
import type { LocalResponse } from './local-response.ts';

/**
 * What is known about a client's connection. All requests of a connection share this object, so that a step can use it
 * as a key for what it has found out once.
 */
export interface ClientFacts {
  /** How the client reached this gateway. */
  readonly scheme: 'http' | 'https';
  /** The IP address of the peer; behind a trusted proxy, that of the proxy. */
  readonly remoteAddress: string;
}

/** A request that is being answered. A step gets the same object in all calls for one request. */
export interface AnsweredRequest {
  /** As the client sent it. Undefined when the message was too broken to have one. */
  readonly head: RequestHead | undefined;
  readonly identity: RequestIdentity;
  /** Undefined where no spans are made. */
  readonly spans: RequestSpans | undefined;
  /** Undefined when the answer has nothing to do with a route. */
  readonly route: Route | undefined;
  /** Undefined as the head is. */
  readonly client: ClientFacts | undefined;
  /** The steps' changes to the answer, whoever makes it. */
  readonly down: FieldEdits;
}

/** A request on its way up. */
export interface PolicyRequest extends AnsweredRequest {
  readonly head: RequestHead;
  readonly route: Route;
  readonly client: ClientFacts;
  /** The steps' changes to what goes to services. They are applied to the head after the gateway's own changes. */
  readonly up: FieldEdits;
}

/** The decision of a step. */
export type Decided =
  /** The request continues. */
  | { readonly kind: 'go-on' }
  /** This is the answer: neither later steps nor services see the request. */
  | { readonly kind: 'answer'; readonly response: LocalResponse }
  /** As `answer`, with the answer to this error. */
  | { readonly kind: 'refuse'; readonly error: AppError };

/** What a step says about a request. */
export type Verdict =
  | Decided
  /** It can't tell yet. Only then a request waits, its body held back; the gateway's limit `waiting` bounds how many do. */
  | {
      readonly kind: 'wait';
      /**
       * After this time the request is answered with GATEWAY_TIMEOUT: a safety net, in addition to the step's own
       * deadlines.
       */
      readonly atMostMs: number;
      /**
       * Called at once, unless too many requests wait already. What it throws or rejects with is the answer, as for
       * `refuse`.
       *
       * @param signal aborts when the client leaves, or when the time is up
       */
      begin(signal: AbortSignal): Promise<Decided>;
    };

export const goOn: Extract<Verdict, { kind: 'go-on' }> = { kind: 'go-on' };

/** The head of an answer on its way to the client. */
export interface PolicyAnswer {
  readonly status: number;
  /** As the previous steps have left them; without framing. */
  readonly fields: HeaderList;
  /** This step's changes to them. */
  readonly edits: FieldEdits;
}

/** Sees the bytes of one body as they pass. It cannot change them and must not throw. */
export interface BodyTap {
  /** The bytes from `start` to `end`; they are only valid during the call. */
  bytes(chunk: Buffer, start: number, end: number): void;
  /** Called once, last: at the end of the exchange at the latest. `whole`: the body was complete. */
  end(whole: boolean): void;
}

/**
 * One step of a route's chain of policies, with any of these methods. The first step of a chain is the outermost: it
 * sees requests first and answers last. One step serves all requests, so state about a request must be kept by the
 * request's object. Only `request` and `answer` may throw.
 */
export interface PolicyStep {
  /** Its name in the access log. */
  readonly name: string;
  /** Called once for each request of its routes, with the head; not called again for retries. */
  request?(request: PolicyRequest): Verdict;
  /**
   * Called with the head of each answer, including those of the gateway itself: errors, aggregates, answers of steps,
   * and the 101 of an upgrade. Called again when an answer that has not left yet is replaced.
   *
   * @throws the error to answer with instead: an AppError as it is, anything else as INTERNAL
   */
  answer?(answer: PolicyAnswer, request: AnsweredRequest): void;
  /** Called once, when the request may continue. Undefined: the step does not need to see the body. */
  tapRequest?(request: PolicyRequest): BodyTap | undefined;
  /** Called after `answer`, for each answer that the step sees; not for the bytes of a tunnel. */
  tapAnswer?(answer: Pick<PolicyAnswer, 'status' | 'fields'>, request: AnsweredRequest): BodyTap | undefined;
  /** The exchange is over. Called once for each request, even if an earlier step has answered it. */
  finished?(record: ExchangeRecord, request: AnsweredRequest): void;
}

/** What most routes have. */
export const noPolicies: readonly PolicyStep[] = [];
