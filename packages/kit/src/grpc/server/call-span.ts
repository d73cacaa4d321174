import type { Tracer } from '../../telemetry/index.ts';
import type { StatusName } from '../wire/status-codes.ts';
import type { Rpc } from './implement.ts';
import type { ServerCall } from './server-call.ts';

/** A call that is over. */
export interface EndedCall {
  readonly call: ServerCall;
  /** Undefined: there is no such method. */
  readonly rpc: Rpc | undefined;
  readonly status: StatusName;
  /** Whether that is the server's fault. */
  readonly failed: boolean;
  readonly durationMs: number;
}

/** Records the span of a call, by the names of OpenTelemetry's RPC conventions. */
export function recordCallSpan(tracer: Tracer, { call, rpc, status, failed, durationMs }: EndedCall): void {
  tracer.record({
    context: call.trace,
    parentSpanId: call.parentSpanId,
    // Callers choose the path.
    name: rpc?.name ?? 'grpc',
    kind: 'server',
    startedMs: tracer.epochMs(call.startedMs),
    durationMs,
    failed,
    message: failed && call.outcome?.message !== '' ? call.outcome?.message : undefined,
    attributes: {
      'rpc.system.name': 'grpc',
      'rpc.method': rpc?.name ?? '_OTHER',
      'rpc.method_original': rpc === undefined ? call.method : undefined,
      'rpc.response.status_code': status,
      'server.address': call.authority?.hostname,
      'server.port': call.authority?.port,
      'network.protocol.name': 'http',
      'network.protocol.version': '2',
      'error.type': failed ? (call.failureCode ?? status) : undefined,
    },
  });
}
