import type { LogRow } from './logs.ts';

/**
 * `GET /api/requests?at=&route=&status=&min_ms=&service=&method=&text=&from_ms=&to_ms=&cursor=&limit=`, newest first.
 * `at=gateway`: those that came in there, which leaves out what programs ask each other by themselves; without a gateway, all.
 */
export interface RequestPage {
  readonly requests: readonly RequestRow[];
  /** For the next page; undefined: there is none. */
  readonly cursor?: string;
}

/** A recent request: the first span of its trace that a server of ours recorded, at the gateway where it came through that. */
export interface RequestRow {
  readonly traceId: string;
  readonly spanId: string;
  readonly service: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** With the query, secrets replaced; undefined if it was not recorded. */
  readonly query?: string;
  readonly route?: string;
  /** 0: nothing was answered. */
  readonly status: number;
  readonly atMs: number;
  readonly durationMs: number;
  readonly failed: boolean;
  /** The stable code of the error, or what went wrong in a word. */
  readonly errorType?: string;
  /** How many spans are kept of its trace. */
  readonly spans: number;
}

/** `GET /api/traces/{traceId}` */
export interface Trace {
  readonly traceId: string;
  readonly startedMs: number;
  readonly durationMs: number;
  /** Parents before children, children by time. */
  readonly spans: readonly TraceSpan[];
  readonly logs: readonly LogRow[];
  /** The problem document that the caller got, as far as logs and spans tell it. */
  readonly problem?: Readonly<Record<string, unknown>>;
  /** The request that it began with; undefined: it began with something else. */
  readonly request?: RequestRow;
  /** Spans that name a parent which is not here: that was not sampled, is older than what is kept, or has not arrived. */
  readonly missingParents: number;
}

/** A span of a trace. */
export interface TraceSpan {
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** How far below the first. */
  readonly depth: number;
  readonly service: string;
  readonly instanceId?: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** After the start of the trace. */
  readonly offsetMs: number;
  readonly durationMs: number;
  readonly failed: boolean;
  readonly message?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly SpanEventView[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** Something that happened during a span. */
export interface SpanEventView {
  readonly name: string;
  readonly offsetMs: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** `POST /api/try`: sends a request for the page, which may not reach other ports itself. */
export interface TryRequest {
  /** `gateway`, or the name of a service that is registered. */
  readonly to: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** What came back. */
export type TryResult =
  | {
      readonly kind: 'answer';
      readonly url: string;
      readonly status: number;
      readonly headers: readonly (readonly [string, string])[];
      readonly body: string;
      /** Whether only the beginning of the body is here. */
      readonly isCut: boolean;
      readonly durationMs: number;
      /** Of the trace that it began, to be looked at. */
      readonly traceId: string;
    }
  /** `message` says for people why there is no answer. */
  | { readonly kind: 'failed'; readonly url: string; readonly message: string; readonly traceId: string };
