import type { AppError } from '@flotilla/contracts';
import type { Route } from '../config/route.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import type { FieldEdits } from '../headers/field-edits.ts';
import type { HeaderList } from '../headers/header-list.ts';
import type { RequestHead, RequestIdentity } from '../headers/request-head.ts';
import type { LocalResponse } from './local-response.ts';

/**
 * What is known of a client's connection. It is the same object for all requests of a connection, so that a step can keep
 * by it what it has found out once.
 */
export interface ClientFacts {
  /** How the client reached this gateway. */
  readonly scheme: 'http' | 'https';
  /** The peer: an IP address. Behind a trusted proxy it is that proxy's. */
  readonly remoteAddress: string;
}

/** A request that is being answered. It is the same object in all that a step hears of one request. */
export interface AnsweredRequest {
  /** As the client sent it. Undefined when what came was too broken to have one. */
  readonly head: RequestHead | undefined;
  readonly identity: RequestIdentity;
  /** Undefined when no route has a part in the answer. */
  readonly route: Route | undefined;
  /** Undefined as the head is. */
  readonly client: ClientFacts | undefined;
  /** What steps change of the answer, whoever will make it. */
  readonly down: FieldEdits;
}

/** A request on its way to what its route leads to. */
export interface PolicyRequest extends AnsweredRequest {
  readonly head: RequestHead;
  readonly route: Route;
  readonly client: ClientFacts;
  /** What steps change of what goes to services. It is carried out on the head as it goes up, after the gateway's own part. */
  readonly up: FieldEdits;
}

/** What a step has decided. */
export type Decided =
  /** Nothing against it. */
  | { readonly kind: 'go-on' }
  /** This is the answer: neither later steps nor services see the request. */
  | { readonly kind: 'answer'; readonly response: LocalResponse }
  /** As `answer`, with the answer to this error. */
  | { readonly kind: 'refuse'; readonly error: AppError };

/** What a step says of a request. */
export type Verdict =
  | Decided
  /** It can't tell yet. Only then a request waits, its body held back; the gateway's limit `waiting` bounds how many do. */
  | {
      readonly kind: 'wait';
      /** Later than this it is answered with GATEWAY_TIMEOUT: a net, below which the step has deadlines of its own. */
      readonly atMostMs: number;
      /**
       * Called at once, unless too many wait already. What it throws or rejects with is the answer, as by `refuse`.
       *
       * @param signal aborts when the client leaves, or when the time is up
       */
      begin(signal: AbortSignal): Promise<Decided>;
    };

export const goOn: Extract<Verdict, { kind: 'go-on' }> = { kind: 'go-on' };

/** The head of an answer on its way to the client. */
export interface PolicyAnswer {
  readonly status: number;
  /** As the steps before have left them; without framing. */
  readonly fields: HeaderList;
  /** What this step changes of them. */
  readonly edits: FieldEdits;
}

/** Sees the bytes of one body as they pass. It can't change them and must not throw. */
export interface BodyTap {
  /** The bytes from `start` to `end` are only lent for the call. */
  bytes(chunk: Buffer, start: number, end: number): void;
  /** Called once, last: when the exchange is over at the latest. `whole`: it was all of the body. */
  end(whole: boolean): void;
}

/**
 * One step of a route's chain of policies: it has some of these. The first of a chain is the outermost: it sees requests
 * first and answers last. One step serves all requests, so what it keeps about one it keeps by the request's object.
 * Only `request` and `answer` may throw.
 */
export interface PolicyStep {
  /** What it is called in the access log. */
  readonly name: string;
  /** Called once for each request that its route serves, with its head; retries do not call it again. */
  request?(request: PolicyRequest): Verdict;
  /**
   * Called with the head of each answer, those too that the gateway makes: errors, aggregates, what a step has answered, and
   * the 101 of an upgrade. Called again when an answer of which nothing has left is replaced by another.
   *
   * @throws whatever it throws is told in place of the answer: an AppError as it is, anything else as INTERNAL
   */
  answer?(answer: PolicyAnswer, request: AnsweredRequest): void;
  /** Asked once, when the request may go on. Undefined: it does not need to see the body. */
  tapRequest?(request: PolicyRequest): BodyTap | undefined;
  /** Asked after `answer`, for each of the answers that it sees; not for the bytes of a tunnel. */
  tapAnswer?(answer: Pick<PolicyAnswer, 'status' | 'fields'>, request: AnsweredRequest): BodyTap | undefined;
  /** The exchange is over. Called once for each request, also for one that an earlier step has answered. */
  finished?(record: ExchangeRecord, request: AnsweredRequest): void;
}

/** What most routes have. */
export const noPolicies: readonly PolicyStep[] = [];
