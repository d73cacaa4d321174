import type { Clock, Logger } from '@flotilla/contracts';
import type { Histogram, Metrics, Tracer } from '../../telemetry/index.ts';
import type { StatusName } from '../wire/status-codes.ts';
import { recordCallSpan } from './call-span.ts';
import type { Rpc } from './implement.ts';
import type { ServerCall } from './server-call.ts';

/** Statuses that say something went wrong on the server's side, by OpenTelemetry's conventions. */
const ourFault: ReadonlySet<StatusName> = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/** Counts, measures and logs a call, once, when it is over. */
export type ObserveCall = (call: ServerCall, rpc: Rpc | undefined, status: StatusName) => void;

/** What {@link observeCalls} needs. */
export interface Observing {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly tracer: Tracer;
}

/** The names and labels are OpenTelemetry's RPC conventions in Prometheus' form. */
export function observeCalls({ logger, metrics, clock, tracer }: Observing): ObserveCall {
  const durations = metrics.histogram({
    name: 'rpc_server_call_duration_seconds',
    help: 'Duration of RPC server calls.',
    labels: ['rpc_system_name', 'rpc_method', 'rpc_response_status_code', 'error_type'],
  });
  const usual = new Map<Rpc | undefined, Map<StatusName, Histogram>>();

  function durationOf(rpc: Rpc | undefined, status: StatusName): Histogram {
    const known = usual.get(rpc)?.get(status);
    if (known !== undefined) return known;
    // Callers choose the path, so only methods that exist become values of the label.
    const made = durations.labels('grpc', rpc?.name ?? '_OTHER', status, ourFault.has(status) ? status : '');
    const ofRpc = usual.get(rpc) ?? new Map<StatusName, Histogram>();
    usual.set(rpc, ofRpc.set(status, made));
    return made;
  }

  return (call, rpc, status) => {
    const durationMs = clock.monotonicMs() - call.startedMs;
    const failed = ourFault.has(status);
    // What machines call every few seconds would hide the rest.
    const isKept = (failed || rpc?.logLevel !== 'debug') && tracer.keeps(call.trace, failed, durationMs);
    durationOf(rpc, status).observe(durationMs / 1000, isKept ? call.trace : undefined);
    if (isKept) recordCallSpan(tracer, { call, rpc, status, failed, durationMs });
    const level = status === 'OK' || status === 'CANCELLED' ? (rpc?.logLevel ?? 'info') : 'info';
    if (!logger.isEnabled(level)) return;
    logger[level](
      {
        method: call.method,
        status,
        durationMs: Math.round(durationMs * 100) / 100,
        requestId: call.requestId,
        traceId: call.trace.traceId,
        ...(tracer.enabled ? { spanId: call.trace.spanId } : {}),
      },
      'call',
    );
  };
}
