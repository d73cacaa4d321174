import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import { AppError } from '@flotilla/contracts';
import {
  ExportLogsServiceRequestSchema,
  ExportMetricsServiceRequestSchema,
  ExportTraceServiceRequestSchema,
} from '@flotilla/kit/otlp';
import { readJson } from './read-json.ts';
import { readLogs } from './read-logs.ts';
import { readMetrics } from './read-metrics.ts';
import { readSpans } from './read-spans.ts';
import type { Reading } from './reading.ts';

/** What is sent, as the paths of OTLP/HTTP name it. */
export type SentSignal = 'traces' | 'metrics' | 'logs';

/** How it is written. */
export type Encoding = 'protobuf' | 'json';

/**
 * Reads what somebody has sent.
 *
 * @throws {AppError} INVALID_REQUEST, INVALID_JSON: nothing of it can be used
 */
export function readSent(signal: SentSignal, encoding: Encoding, body: Uint8Array): Reading {
  const message = <Schema extends DescMessage>(schema: Schema): MessageShape<Schema> =>
    encoding === 'json' ? readJson(schema, body) : readProtobuf(schema, body);
  switch (signal) {
    case 'traces':
      return readSpans(message(ExportTraceServiceRequestSchema));
    case 'metrics':
      return readMetrics(message(ExportMetricsServiceRequestSchema));
    case 'logs':
      return readLogs(message(ExportLogsServiceRequestSchema));
    default:
      return signal satisfies never;
  }
}

function readProtobuf<Schema extends DescMessage>(schema: Schema, body: Uint8Array): MessageShape<Schema> {
  try {
    return fromBinary(schema, body, { readUnknownFields: false });
  } catch (cause) {
    throw new AppError('INVALID_REQUEST', { detail: 'The body is not OTLP in protobuf: it is damaged.', cause });
  }
}
