import type { IncomingMessage } from 'node:http';
import { shownQuery, type Tracer } from '../telemetry/index.ts';
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

/** Records the span of a request, by the names of OpenTelemetry's HTTP conventions. */
export function recordServerSpan(tracer: Tracer, answered: AnsweredRequest): void {
  const { request, context, durationMs, method, route, status, errorType } = answered;
  const url = request.url ?? '';
  const queryAt = url.indexOf('?');
  const shown = shownMethod(method);
  const authority = readAuthority(request.headers.host);
  tracer.record({
    context: context.trace,
    parentSpanId: context.parentSpanId,
    name: route === '' ? shown : `${shown} ${route}`,
    kind: 'server',
    startedMs: tracer.epochMs(context.startedMs),
    durationMs,
    failed: status >= 500,
    attributes: {
      'http.request.method': shown,
      'http.request.method_original': shown === method ? undefined : method.slice(0, maxTextLength),
      'http.route': route === '' ? undefined : route,
      'http.response.status_code': status,
      'url.scheme': 'http',
      'url.path': (queryAt < 0 ? url : url.slice(0, queryAt)).slice(0, maxTextLength),
      'url.query': queryAt < 0 ? undefined : shownQuery(url.slice(queryAt + 1)),
      'server.address': authority?.hostname,
      'server.port': authority?.port,
      'user_agent.original': request.headers['user-agent']?.slice(0, maxTextLength),
      'network.protocol.version': request.httpVersion,
      'error.type': errorType === '' ? undefined : (context.failureCode ?? errorType),
    },
  });
}

/** The parts of a `Host` field; undefined if there is none. */
function readAuthority(
  host: string | undefined,
): { readonly hostname: string; readonly port: number | undefined } | undefined {
  if (host === undefined || host === '') return undefined;
  const colon = host.lastIndexOf(':');
  // In brackets, colons are part of an IPv6 address.
  if (colon < 0 || host.endsWith(']')) return { hostname: host.slice(0, maxTextLength), port: undefined };
  const port = Number(host.slice(colon + 1));
  return { hostname: host.slice(0, Math.min(colon, maxTextLength)), port: Number.isInteger(port) ? port : undefined };
}
