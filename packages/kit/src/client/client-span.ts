import { systemClock } from '@flotilla/contracts';
import type { Transport } from '@flotilla/contracts/http-client';
import { currentTrace, currentTracer, shownQuery, type TraceContext, type Tracer } from '../telemetry/index.ts';
import { type CallOptions, type CallResult, describeFailure, tryService } from './call-service.ts';

/** Calls a service; in code that is traced, with a span of its own, which is the parent of what the service does. */
export async function tracedCall<T>(transport: Transport, options: CallOptions<T>): Promise<CallResult<T>> {
  const tracer = currentTracer();
  if (tracer === undefined || !tracer.enabled) return tryService(transport, options);
  const parent = options.trace ?? currentTrace();
  const trace = tracer.begin(parent);
  const clock = options.clock ?? systemClock;
  const startedMs = clock.monotonicMs();
  const result = await tryService(transport, { ...options, trace });
  const durationMs = clock.monotonicMs() - startedMs;
  const failed = isFailure(result);
  if (tracer.keeps(trace, failed, durationMs))
    recordClientSpan(tracer, { trace, parentSpanId: parent?.spanId, options, result, startedMs, durationMs, failed });
  return result;
}

/** To whoever calls, a 4xx is an error too (OpenTelemetry says so), and giving up is none. */
function isFailure(result: CallResult<unknown>): boolean {
  if (result.kind === 'status') return result.status >= 400;
  return result.kind !== 'ok' && result.kind !== 'cancelled';
}

interface EndedCall {
  readonly trace: TraceContext;
  readonly parentSpanId: string | undefined;
  readonly options: CallOptions<unknown>;
  readonly result: CallResult<unknown>;
  readonly startedMs: number;
  readonly durationMs: number;
  readonly failed: boolean;
}

function recordClientSpan(tracer: Tracer, call: EndedCall): void {
  const { options, result } = call;
  const method = options.method ?? 'GET';
  const answered = result.kind === 'ok' || result.kind === 'status' ? result : undefined;
  const url = URL.parse(options.path, options.baseUrl);
  const query = url === null || url.search === '' ? '' : `?${shownQuery(url.search.slice(1))}`;
  tracer.record({
    context: call.trace,
    parentSpanId: call.parentSpanId,
    // The path itself has ids in it.
    name: options.pathTemplate === undefined ? method : `${method} ${options.pathTemplate}`,
    kind: 'client',
    startedMs: tracer.epochMs(call.startedMs),
    durationMs: call.durationMs,
    failed: call.failed,
    message: result.kind === 'ok' || result.kind === 'status' ? undefined : describeFailure(result).message,
    attributes: {
      'http.request.method': method,
      'peer.service': options.service,
      'server.address': url?.hostname,
      'server.port': url === null ? undefined : portOf(url),
      'url.full': url === null ? undefined : `${url.protocol}//${url.host}${url.pathname}${query}`.slice(0, 1_000),
      'http.response.status_code': answered?.status,
      'http.request.resend_count': options.resendCount === 0 ? undefined : options.resendCount,
      'network.protocol.version': answered === undefined ? undefined : '1.1',
      'error.type': call.failed ? errorType(result) : undefined,
    },
  });
}

/** Our stable code where the service said one, else the status, else what happened. */
function errorType(result: CallResult<unknown>): string {
  return result.kind === 'status' ? (result.code ?? String(result.status)) : result.kind;
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
