import type { IncomingMessage } from 'node:http';
import { chooseLocale, headerNames, type Locale } from '@flotilla/contracts';
import { acceptRequestId, childOf, newTraceContext, parseTraceparent, type TraceContext } from '../telemetry/index.ts';

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

/** The context of `raw`, made when first asked for. */
export function openContext(raw: IncomingMessage, fallback: Locale, nowMs: number): RequestContext {
  const carrying: CarryingRequest = raw;
  carrying[contextKey] ??= createContext(raw, fallback, nowMs);
  return carrying[contextKey];
}

/** The context of a request that an app of ours is answering: its id, trace and language. */
export function requestContext(request: { readonly raw: IncomingMessage }): RequestContext {
  return openContext(request.raw, 'en', 0);
}

function createContext(raw: IncomingMessage, fallback: Locale, startedMs: number): RequestContext {
  const { headers } = raw;
  const parent = parseTraceparent(single(headers[headerNames.traceparent]), single(headers[headerNames.tracestate]));
  return {
    requestId: acceptRequestId(single(headers[headerNames.requestId])),
    trace: parent === undefined ? newTraceContext() : childOf(parent),
    locale: chooseLocale(headers['accept-language'], fallback),
    startedMs,
  };
}

/** Node joins repeated fields with ", " except where its types say otherwise. */
function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(', ');
}
