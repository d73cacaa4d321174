import { create, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import {
  type GrpcServer,
  type GrpcServerContext,
  grpcServer,
  type ImplementedService,
  implement,
} from '@flotilla/kit/grpc';
import {
  ExportLogsServiceRequestSchema,
  ExportMetricsServiceRequestSchema,
  ExportTraceServiceRequestSchema,
  LogsService,
  MetricsService,
  TraceService,
} from '@flotilla/kit/otlp';
import type { Taken } from './answers.ts';
import type { Collector } from './collector.ts';
import { maxBodyBytes } from './otlp-routes.ts';
import type { SentSignal } from './read-sent.ts';

/** A server that takes OTLP/gRPC. `httpPort` takes OTLP over HTTP, which some send here; 0: none does. */
export function otlpGrpcServer(context: GrpcServerContext, collector: Collector, httpPort: number): GrpcServer {
  const elsewhere = httpPort === 0 ? "the dashboard's own port" : `port ${httpPort}`;
  return grpcServer(context, {
    services: otlpServices(collector),
    limits: { maxMessageBytes: maxBodyBytes },
    http1Answer: `This port takes OTLP over gRPC alone. Send OTLP over HTTP to ${elsewhere}, or set OTEL_EXPORTER_OTLP_PROTOCOL=grpc.`,
  });
}

/** The services of OTLP/gRPC, for a server that has others too. */
export function otlpServices(collector: Collector): readonly ImplementedService[] {
  const [traces, metrics, logs] = [
    unread(ExportTraceServiceRequestSchema),
    unread(ExportMetricsServiceRequestSchema),
    unread(ExportLogsServiceRequestSchema),
  ];
  const take = (signal: SentSignal, body: Uint8Array): Promise<Taken> => collector.take(signal, 'protobuf', body);
  return [
    implement(
      TraceService,
      {
        async export(request) {
          const { rejected, reason: errorMessage } = await take('traces', traces.bytesOf(request));
          return errorMessage === undefined
            ? {}
            : { partialSuccess: { rejectedSpans: BigInt(rejected), errorMessage } };
        },
      },
      { logLevel: 'debug', decode: traces.decode },
    ),
    implement(
      MetricsService,
      {
        async export(request) {
          const { rejected, reason: errorMessage } = await take('metrics', metrics.bytesOf(request));
          return errorMessage === undefined
            ? {}
            : { partialSuccess: { rejectedDataPoints: BigInt(rejected), errorMessage } };
        },
      },
      { logLevel: 'debug', decode: metrics.decode },
    ),
    implement(
      LogsService,
      {
        async export(request) {
          const { rejected, reason: errorMessage } = await take('logs', logs.bytesOf(request));
          return errorMessage === undefined
            ? {}
            : { partialSuccess: { rejectedLogRecords: BigInt(rejected), errorMessage } };
        },
      },
      { logLevel: 'debug', decode: logs.decode },
    ),
  ];
}

/** Passes the bytes of messages on: they are read on another thread. */
function unread<Schema extends DescMessage>(
  schema: Schema,
): { decode(bytes: Uint8Array): MessageShape<Schema>; bytesOf(message: object): Uint8Array } {
  const bytesOf = new WeakMap<object, Uint8Array>();
  return {
    decode(bytes) {
      const message = create(schema);
      bytesOf.set(message, bytes);
      return message;
    },
    bytesOf: (message) => bytesOf.get(message) ?? new Uint8Array(),
  };
}
