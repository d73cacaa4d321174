import type { ServerResponse } from 'node:http';
import type { Clock } from '@flotilla/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logger/index.ts';
import type { Metrics, Tracer } from '../telemetry/index.ts';
import { requestContext } from './request-context.ts';
import { createServerMetrics } from './server-metrics.ts';
import { ServerSpans } from './server-span.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The log level of successful requests. Default `info`. Use `debug` for what machines request every few seconds, which
     * would hide the rest. It also applies when the caller leaves first, as at the end of a long poll. Failures are always logged
     * at `info`. At `debug`, successful requests have no span either, nor has what they do.
     */
    readonly requestLogLevel?: 'debug' | 'info';
  }
}

/** Begins to observe a request; call it once for each. */
export type ObserveRequest = (request: FastifyRequest, reply: FastifyReply) => void;

/** What {@link observeRequests} needs. */
export interface Observing {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly tracer: Tracer;
}

/** Counts, measures, traces and logs every request once, when its answer is sent or its caller is gone. */
export function observeRequests({ logger, metrics, clock, tracer }: Observing): ObserveRequest {
  const server = createServerMetrics(metrics);
  const spans = new ServerSpans(tracer);
  return (request, reply) => {
    const active = server.active(request.method);
    active.inc();
    // `close` comes exactly once, even if the caller goes away. With `once`, Node would do needless work.
    reply.raw.on('close', () => {
      active.inc(-1);
      finish(request, reply);
    });
  };

  function finish(request: FastifyRequest, reply: FastifyReply): void {
    const context = requestContext(request);
    const { requestId, trace, startedMs } = context;
    const durationMs = clock.monotonicMs() - startedMs;
    // Fastify creates this object on every access.
    const { url: route = '', config } = request.routeOptions;
    const { method } = request;
    const status = finalStatus(reply.raw);
    const errorType = status >= 500 ? String(status) : status === 499 ? 'client_closed' : '';
    const quietLevel = context.waits === undefined ? config?.requestLogLevel : 'debug';
    const isQuiet = quietLevel === 'debug' && status < 500;
    const isKept = !isQuiet && tracer.keeps(trace, status >= 500, durationMs);
    server
      .duration({ method, status, route, httpVersion: request.raw.httpVersion, errorType })
      .observe(Math.max(0, durationMs - (context.waits?.ms ?? 0)) / 1000, isKept ? trace : undefined);
    if (isKept) spans.record({ request: request.raw, context, durationMs, method, route, status, errorType });
    const level = status < 400 || status === 499 ? (quietLevel ?? 'info') : 'info';
    if (!logger.isEnabled(level)) return;
    // Not with the request's own logger, which most requests then never need.
    logger[level](
      {
        // What people look for comes first.
        method,
        path: pathOf(request.url),
        status,
        durationMs: Math.round(durationMs * 100) / 100,
        route,
        requestId,
        traceId: trace.traceId,
        ...(tracer.enabled ? { spanId: trace.spanId } : {}),
      },
      'request',
    );
  }
}

/**
 * 499 if the caller went away before the whole answer was passed to the system. An event stream always ends that way: it counts
 * as a success.
 */
function finalStatus(response: ServerResponse): number {
  if (response.writableFinished) return response.statusCode;
  const isStream = response.headersSent && String(response.getHeader('content-type')).startsWith('text/event-stream');
  return isStream ? response.statusCode : 499;
}

/** The path without its query, which may contain secrets; cut, since callers choose it. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return (end < 0 ? url : url.slice(0, end)).slice(0, 500);
}
