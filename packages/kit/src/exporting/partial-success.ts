import { type DescMessage, fromBinary, fromJson, type JsonValue, type MessageShape } from '@bufbuild/protobuf';
import type { TelemetrySignal } from '../config/index.ts';
import {
  ExportLogsServiceResponseSchema,
  ExportMetricsServiceResponseSchema,
  ExportTraceServiceResponseSchema,
} from '../otlp/index.ts';

/** What a receiver did not take of a message that it answered with success. */
export interface Rejected {
  readonly rejected: number;
  readonly reason: string;
}

const nothing: Rejected = { rejected: 0, reason: '' };

/** Reads the answer of a receiver. What cannot be read says nothing: the status was success. */
export function rejectedBy(answer: Buffer, encoding: 'protobuf' | 'json', signal: TelemetrySignal): Rejected {
  // The usual answer: everything was taken.
  if (answer.length === 0) return nothing;
  try {
    switch (signal) {
      case 'traces': {
        const { partialSuccess } = read(ExportTraceServiceResponseSchema);
        return partialSuccess === undefined ? nothing : said(partialSuccess.rejectedSpans, partialSuccess.errorMessage);
      }
      case 'metrics': {
        const { partialSuccess } = read(ExportMetricsServiceResponseSchema);
        return partialSuccess === undefined
          ? nothing
          : said(partialSuccess.rejectedDataPoints, partialSuccess.errorMessage);
      }
      case 'logs': {
        const { partialSuccess } = read(ExportLogsServiceResponseSchema);
        return partialSuccess === undefined
          ? nothing
          : said(partialSuccess.rejectedLogRecords, partialSuccess.errorMessage);
      }
      default:
        return signal satisfies never;
    }
  } catch {
    return nothing;
  }

  function read<Desc extends DescMessage>(schema: Desc): MessageShape<Desc> {
    if (encoding === 'protobuf') return fromBinary(schema, answer);
    return fromJson(schema, JSON.parse(answer.toString('utf8')) as JsonValue, { ignoreUnknownFields: true });
  }
}

function said(rejected: bigint, reason: string): Rejected {
  return { rejected: Number(rejected), reason: reason.slice(0, 500) };
}
