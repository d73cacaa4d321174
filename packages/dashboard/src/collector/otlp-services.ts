import {
  type GrpcServer,
  type GrpcServerContext,
  grpcServer,
  type ImplementedService,
  implement,
} from '@flotilla/kit/grpc';
import { LogsService, MetricsService, TraceService } from '@flotilla/kit/otlp';
import type { Collector } from './collector.ts';
import { maxBodyBytes } from './otlp-routes.ts';
import { readLogs } from './read-logs.ts';
import { readMetrics } from './read-metrics.ts';
import { readSpans } from './read-spans.ts';
import type { Reading } from './reading.ts';

/** A server that takes OTLP/gRPC. */
export function otlpGrpcServer(context: GrpcServerContext, collector: Collector): GrpcServer {
  return grpcServer(context, { services: otlpServices(collector), limits: { maxMessageBytes: maxBodyBytes } });
}

/** The services of OTLP/gRPC, for a server that has others too. */
export function otlpServices(collector: Collector): readonly ImplementedService[] {
  const quiet = { logLevel: 'debug' } as const;
  return [
    implement(
      TraceService,
      {
        async export(request) {
          const { rejected, reason } = await take(collector, readSpans(request));
          return reason === undefined
            ? {}
            : { partialSuccess: { rejectedSpans: BigInt(rejected), errorMessage: reason } };
        },
      },
      quiet,
    ),
    implement(
      MetricsService,
      {
        async export(request) {
          const { rejected, reason } = await take(collector, readMetrics(request));
          return reason === undefined
            ? {}
            : { partialSuccess: { rejectedDataPoints: BigInt(rejected), errorMessage: reason } };
        },
      },
      quiet,
    ),
    implement(
      LogsService,
      {
        async export(request) {
          const { rejected, reason } = await take(collector, readLogs(request));
          return reason === undefined
            ? {}
            : { partialSuccess: { rejectedLogRecords: BigInt(rejected), errorMessage: reason } };
        },
      },
      quiet,
    ),
  ];
}

/** About what an item takes; how long the message was is not known here. */
const itemBytes = 512;

function take(collector: Collector, reading: Reading): ReturnType<Collector['take']> {
  const items = reading.batches.reduce(
    (sum, { spans = [], logs = [], points = [] }) => sum + spans.length + logs.length + points.length,
    0,
  );
  return collector.take(reading, items * itemBytes);
}
