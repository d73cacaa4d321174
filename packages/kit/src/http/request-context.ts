import type { IncomingMessage } from 'node:http';
import { type Clock, chooseLocale, headerNames, type Locale } from '@flotilla/contracts';
import { acceptRequestId, newRequestId, parseTraceparent, type TraceContext, TraceIds } from '../telemetry/index.ts';

/** What is known of a request before anything of it is understood. */
export interface RequestContext {
  /** The caller's `x-request-id` if it may be used as it is, else a new one. */
  readonly requestId: string;
  /** This request's own span; hand it on to the services that are called for it. */
  readonly trace: TraceContext;
  /** The language the caller wants messages in. */
  readonly locale: Locale;
  /** When it came, on the clock's monotonic scale. */
  readonly startedMs: number;
}

const contextKey = Symbol('flotilla.request-context');

/** Node's request, with the context kept on it: it must be reachable from every stage, also those without Fastify's request. */
type CarryingRequest = IncomingMessage & { [contextKey]?: RequestContext };

/** The contexts of the requests of one app. */
export class RequestContexts {
  /** For callers that name no language we have. */
  readonly defaultLocale: Locale;
  readonly #clock: Clock;
  readonly #ids = new TraceIds();

  constructor(defaultLocale: Locale, clock: Clock) {
    this.defaultLocale = defaultLocale;
    this.#clock = clock;
  }

  /** The context of `raw`, made when first asked for. */
  of(raw: IncomingMessage): RequestContext {
    const carrying: CarryingRequest = raw;
    carrying[contextKey] ??= this.#create(raw);
    return carrying[contextKey];
  }

  #create({ headers }: IncomingMessage): RequestContext {
    const parent = parseTraceparent(single(headers[headerNames.traceparent]), single(headers[headerNames.tracestate]));
    const trace = parent === undefined ? this.#ids.newTrace() : this.#ids.childOf(parent);
    return {
      // A new trace's id is as good as one of its own. A trace that goes on may bring several requests here.
      requestId:
        acceptRequestId(single(headers[headerNames.requestId])) ??
        (parent === undefined ? trace.traceId : newRequestId()),
      trace,
      locale: chooseLocale(headers['accept-language'], this.defaultLocale),
      startedMs: this.#clock.monotonicMs(),
    };
  }
}

/**
 * The context of a request that an app of ours is answering: its id, trace and language.
 *
 * @throws TypeError for a request of anything else
 */
export function requestContext(request: { readonly raw: IncomingMessage }): RequestContext {
  const carrying: CarryingRequest = request.raw;
  const context = carrying[contextKey];
  if (context === undefined) throw new TypeError('The request does not come from an app made with createHttpApp.');
  return context;
}

/** Node joins repeated fields with ", " except where its types say otherwise. */
function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(', ');
}
