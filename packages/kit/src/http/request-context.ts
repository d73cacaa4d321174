import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Clock, chooseLocale, headerNames, type Locale } from '@flotilla/contracts';
import {
  acceptBaggage,
  acceptRequestId,
  newRequestId,
  parseTraceparent,
  type TraceContext,
  type Tracer,
} from '../telemetry/index.ts';
import type { NewsWaits } from './news-waits.ts';

/** What is known about a request before it is interpreted. */
export interface RequestContext {
  /** The caller's `x-request-id` if it is safe to use, else a new one. */
  readonly requestId: string;
  /** This request's own span; pass it on to the services that are called for it. */
  readonly trace: TraceContext;
  /** The caller's span; undefined if it named none. */
  readonly parentSpanId: string | undefined;
  /** The language in which the caller wants messages. */
  readonly locale: Locale;
  /** When it arrived, on the clock's monotonic scale. */
  readonly startedMs: number;
  /** The code of the error that it was answered with, if that is a failure of ours. */
  failureCode: string | undefined;
  /** How long it has waited for news; undefined: it has not. */
  waits: NewsWaits | undefined;
}

const contextKey = Symbol('flotilla.request-context');

/** Node's request with the context on it: every stage must reach it, also those without Fastify's request. */
type CarryingRequest = IncomingMessage & { [contextKey]?: RequestContext };

/** The contexts of the requests of one app. */
export class RequestContexts implements ContextSource {
  readonly defaultLocale: Locale;
  readonly clock: Clock;
  readonly tracer: Tracer;

  constructor(defaultLocale: Locale, clock: Clock, tracer: Tracer) {
    this.defaultLocale = defaultLocale;
    this.clock = clock;
    this.tracer = tracer;
  }

  /** The context of `raw`, made on first use. */
  of(raw: IncomingMessage): RequestContext {
    const carrying: CarryingRequest = raw;
    carrying[contextKey] ??= this.#create(raw);
    return carrying[contextKey];
  }

  #create({ headers }: IncomingMessage): RequestContext {
    return contextOf(headers, this);
  }
}

/** What contexts are made with: one for all requests of a server. */
export interface ContextSource {
  /** For callers that ask for no language that we have. */
  readonly defaultLocale: Locale;
  readonly clock: Clock;
  readonly tracer: Tracer;
}

/** The context of a request that comes with these headers. */
export function contextOf(
  headers: IncomingHttpHeaders,
  { defaultLocale, clock, tracer }: ContextSource,
): RequestContext {
  const parent = parseTraceparent(single(headers[headerNames.traceparent]), single(headers[headerNames.tracestate]));
  const begun = tracer.begin(parent);
  const baggage = acceptBaggage(single(headers[headerNames.baggage]));
  return {
    // The id of a new trace serves as the request id. A trace from outside may contain several requests.
    requestId:
      acceptRequestId(single(headers[headerNames.requestId])) ??
      (parent === undefined ? begun.traceId : newRequestId()),
    trace: baggage === undefined ? begun : { ...begun, baggage },
    parentSpanId: parent?.spanId,
    locale: chooseLocale(headers['accept-language'], defaultLocale),
    startedMs: clock.monotonicMs(),
    failureCode: undefined,
    waits: undefined,
  };
}

/**
 * The context of a request that one of our apps is answering: its id, trace and language.
 *
 * @throws TypeError for any other request
 */
export function requestContext(request: { readonly raw: IncomingMessage }): RequestContext {
  const carrying: CarryingRequest = request.raw;
  const context = carrying[contextKey];
  if (context === undefined) throw new TypeError('The request is not from an app made with createHttpApp.');
  return context;
}

/** Node joins repeated fields with ", ", except where its types say otherwise. */
function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(', ');
}
