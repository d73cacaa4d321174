import { create, toBinary, toJsonString } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import {
  ExportLogsServiceResponseSchema,
  ExportMetricsServiceResponseSchema,
  ExportTraceServiceResponseSchema,
} from '@flotilla/kit/otlp';
import type { Encoding, SentSignal } from './read-sent.ts';

/** What has become of a message. What is not rejected is kept. */
export interface Taken {
  readonly rejected: number;
  /** Why something was rejected. */
  readonly reason?: string;
}

/** OTLP's answer to a message that was taken, wholly or in part. */
export function answerBytes(signal: SentSignal, encoding: Encoding, { rejected, reason }: Taken): Uint8Array {
  const errorMessage = reason ?? '';
  const count = BigInt(rejected);
  const isWhole = rejected === 0 && errorMessage === '';
  switch (signal) {
    case 'traces':
      return encoded(
        encoding,
        ExportTraceServiceResponseSchema,
        isWhole ? {} : { partialSuccess: { rejectedSpans: count, errorMessage } },
      );
    case 'metrics':
      return encoded(
        encoding,
        ExportMetricsServiceResponseSchema,
        isWhole ? {} : { partialSuccess: { rejectedDataPoints: count, errorMessage } },
      );
    case 'logs':
      return encoded(
        encoding,
        ExportLogsServiceResponseSchema,
        isWhole ? {} : { partialSuccess: { rejectedLogRecords: count, errorMessage } },
      );
    default:
      return signal satisfies never;
  }
}

type AnySchema =
  | typeof ExportTraceServiceResponseSchema
  | typeof ExportMetricsServiceResponseSchema
  | typeof ExportLogsServiceResponseSchema;

function encoded<Schema extends AnySchema>(
  encoding: Encoding,
  schema: Schema,
  init: Parameters<typeof create<Schema>>[1],
): Uint8Array {
  const message = create(schema, init);
  return encoding === 'json' ? Buffer.from(toJsonString(schema, message)) : toBinary(schema, message);
}

/** `google.rpc.Status`, with which OTLP/HTTP says what is wrong. */
export function statusBytes(encoding: Encoding, code: number, message: string): Uint8Array {
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  const writer = new BinaryWriter();
  return writer.tag(1, WireType.Varint).int32(code).tag(2, WireType.LengthDelimited).string(message).finish();
}
