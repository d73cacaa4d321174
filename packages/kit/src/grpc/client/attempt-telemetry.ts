import type { Clock, Endpoint } from '@flotilla/contracts';
import { describeFailure } from '../../client/index.ts';
import {
  currentTrace,
  currentTracer,
  type Histogram,
  type MetricFamily,
  type Metrics,
  type TraceContext,
  type Tracer,
} from '../../telemetry/index.ts';
import type { CallResult } from './call-unary.ts';

/** One attempt of a call, as spans and metrics tell of it. */
export interface ToldAttempt {
  /** `package.Service/Method` */
  readonly method: string;
  /** The service, by the name it registers under. */
  readonly service: string;
  readonly endpoint: Endpoint;
  /** How many attempts were made before. */
  readonly resendCount: number;
  /** The span that the call belongs to. Default: the one within which the code runs. */
  readonly parent: TraceContext | undefined;
}

/** Measures attempts, and makes a span of each in code that is traced. */
export class AttemptTelemetry {
  readonly #clock: Clock;
  readonly #durations: MetricFamily<Histogram> | undefined;

  constructor(clock: Clock, metrics: Metrics | undefined) {
    this.#clock = clock;
    this.#durations = metrics?.histogram({
      name: 'rpc_client_call_duration_seconds',
      help: 'Duration of RPC client calls.',
      labels: [
        ...['rpc_system_name', 'rpc_method', 'rpc_response_status_code', 'error_type'],
        ...['server_address', 'server_port'],
      ],
    });
  }

  /** Makes an attempt. `run` gets the trace to pass on. */
  async of<T>(
    told: ToldAttempt,
    run: (trace: TraceContext | undefined) => Promise<CallResult<T>>,
  ): Promise<CallResult<T>> {
    const tracer = currentTracer();
    const parent = told.parent ?? currentTrace();
    const trace = tracer?.enabled === true ? tracer.begin(parent) : told.parent;
    const startedMs = this.#clock.monotonicMs();
    const result = await run(trace);
    const durationMs = this.#clock.monotonicMs() - startedMs;
    const status = statusOf(result);
    const errorType = isFailure(result) ? (status ?? result.kind) : '';
    const { address, port } = told.endpoint;
    const failed = errorType !== '';
    const isKept = tracer?.enabled === true && trace !== undefined && tracer.keeps(trace, failed, durationMs);
    this.#durations
      ?.labels('grpc', told.method, status ?? '', errorType, address, String(port))
      .observe(durationMs / 1_000, isKept ? trace : undefined);
    if (isKept) record(tracer, { told, trace, parentSpanId: parent?.spanId, result, errorType, startedMs, durationMs });
    return result;
  }
}

interface EndedAttempt {
  readonly told: ToldAttempt;
  readonly trace: TraceContext;
  readonly parentSpanId: string | undefined;
  readonly result: CallResult<unknown>;
  /** Empty: nothing went wrong. */
  readonly errorType: string;
  readonly startedMs: number;
  readonly durationMs: number;
}

function record(tracer: Tracer, ended: EndedAttempt): void {
  const { told, trace, parentSpanId, result, errorType, startedMs, durationMs } = ended;
  tracer.record({
    context: trace,
    parentSpanId,
    name: told.method,
    kind: 'client',
    startedMs: tracer.epochMs(startedMs),
    durationMs,
    failed: errorType !== '',
    message: messageOf(result),
    attributes: {
      'rpc.system.name': 'grpc',
      'rpc.method': told.method,
      'rpc.response.status_code': statusOf(result),
      'peer.service': told.service,
      'server.address': told.endpoint.address,
      'server.port': told.endpoint.port,
      'network.protocol.name': 'http',
      'network.protocol.version': '2',
      'flotilla.attempt': told.resendCount === 0 ? undefined : told.resendCount + 1,
      'error.type': errorType === '' ? undefined : errorType,
    },
  });
}

/** To whoever calls, every status but OK is an error (OpenTelemetry says so), and giving up is none. */
function isFailure(result: CallResult<unknown>): boolean {
  return result.kind !== 'ok' && result.kind !== 'cancelled';
}

/** Undefined: there is no answer. */
function statusOf(result: CallResult<unknown>): string | undefined {
  if (result.kind === 'ok') return 'OK';
  return result.kind === 'status' ? result.failed.status : undefined;
}

function messageOf(result: CallResult<unknown>): string | undefined {
  if (result.kind === 'ok' || result.kind === 'status') return undefined;
  return describeFailure(result).message;
}
