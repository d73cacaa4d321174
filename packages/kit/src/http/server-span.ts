import type { IncomingMessage } from 'node:http';
import { type Attributes, shownQuery, type Tracer } from '../telemetry/index.ts';
import type { RequestContext } from './request-context.ts';
import { shownMethod } from './server-metrics.ts';

/** A request that was answered. */
export interface AnsweredRequest {
  readonly request: IncomingMessage;
  readonly context: RequestContext;
  readonly durationMs: number;
  readonly method: string;
  /** The route's pattern; empty if no route matched. */
  readonly route: string;
  readonly status: number;
  /** Empty if nothing went wrong on the server's side. */
  readonly errorType: string;
}

/** The longest text that a caller chose and that a span keeps. */
const maxTextLength = 500;

/** What the spans of requests have in common that a route has answered in one way. */
interface KnownAnswer {
  readonly name: string;
  readonly attributes: Attributes;
}

/** There are few routes, methods and statuses; more are not worth remembering. */
const maxKnown = 1_000;

/** Records the spans of a server's requests, by the names of OpenTelemetry's HTTP conventions. */
export class ServerSpans {
  readonly #tracer: Tracer;
  readonly #known = new Map<string, KnownAnswer>();
  /** The latest `Host` field; most requests have the same. */
  #host: { readonly field: string | undefined; readonly authority: Authority | undefined } = {
    field: undefined,
    authority: undefined,
  };

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  record(answered: AnsweredRequest): void {
    const { request, context, durationMs, method, status, errorType } = answered;
    const url = request.url ?? '';
    const queryAt = url.indexOf('?');
    const authority = this.#authorityOf(request.headers.host);
    const { name, attributes } = this.#knownOf(answered);
    this.#tracer.record({
      context: context.trace,
      parentSpanId: context.parentSpanId,
      name,
      kind: 'server',
      startedMs: this.#tracer.epochMs(context.startedMs),
      durationMs,
      failed: status >= 500,
      common: attributes,
      attributes: {
        'http.request.method_original': shownMethod(method) === method ? undefined : method.slice(0, maxTextLength),
        'url.path': (queryAt < 0 ? url : url.slice(0, queryAt)).slice(0, maxTextLength),
        'url.query': queryAt < 0 ? undefined : shownQuery(url.slice(queryAt + 1)),
        'server.address': authority?.hostname,
        'server.port': authority?.port,
        'user_agent.original': request.headers['user-agent']?.slice(0, maxTextLength),
        'error.type': errorType === '' ? undefined : (context.failureCode ?? errorType),
      },
    });
  }

  #knownOf({ method, route, status, request: { httpVersion } }: AnsweredRequest): KnownAnswer {
    const shown = shownMethod(method);
    const key = `${status} ${httpVersion} ${shown} ${route}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const learned: KnownAnswer = {
      name: route === '' ? shown : `${shown} ${route}`,
      attributes: {
        'http.request.method': shown,
        'http.route': route === '' ? undefined : route,
        'http.response.status_code': status,
        'url.scheme': 'http',
        'network.protocol.version': httpVersion,
      },
    };
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(key, learned);
    return learned;
  }

  #authorityOf(field: string | undefined): Authority | undefined {
    if (field !== this.#host.field) this.#host = { field, authority: readAuthority(field) };
    return this.#host.authority;
  }
}

/** The parts of a `Host` field. */
interface Authority {
  readonly hostname: string;
  readonly port: number | undefined;
}

/** Undefined if there is none. */
function readAuthority(host: string | undefined): Authority | undefined {
  if (host === undefined || host === '') return undefined;
  const colon = host.lastIndexOf(':');
  // In brackets, colons are part of an IPv6 address.
  if (colon < 0 || host.endsWith(']')) return { hostname: host.slice(0, maxTextLength), port: undefined };
  const port = Number(host.slice(colon + 1));
  return { hostname: host.slice(0, Math.min(colon, maxTextLength)), port: Number.isInteger(port) ? port : undefined };
}
