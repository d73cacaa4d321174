import { type DescMessage, fromJson, type JsonValue, type MessageShape } from '@bufbuild/protobuf';
import { AppError } from '@flotilla/contracts';
import { asSentence } from '@flotilla/contracts/sentence';

/** As deep as a message may be: the depth of values in values that honest senders have is below ten. */
const maxDepth = 60;

/** Fields that are ids: bytes, which OTLP's JSON writes as hex digits and that of protobuf as base64. */
const ids: ReadonlySet<string> = new Set([
  'traceId',
  'spanId',
  'parentSpanId',
  'trace_id',
  'span_id',
  'parent_span_id',
]);
/** Fields of 64 bits, which JSON has as texts; many senders write numbers all the same. */
const longs =
  /(?:UnixNano|_unix_nano|^(?:asInt|as_int|intValue|int_value|count|zeroCount|zero_count|bucketCounts|bucket_counts))$/;

/**
 * A message in the JSON of OTLP, unknown fields passed over.
 *
 * @throws {AppError} INVALID_JSON; INVALID_REQUEST with the field
 */
export function readJson<Schema extends DescMessage>(schema: Schema, body: Uint8Array): MessageShape<Schema> {
  const json = normal(parse(body), '', 0);
  try {
    return fromJson(schema, json, { ignoreUnknownFields: true, recursionLimit: 4 * maxDepth });
  } catch (cause) {
    const what =
      cause instanceof Error ? cause.message.replaceAll('opentelemetry.proto.', '').slice(0, 200) : 'it cannot be read';
    throw new AppError('INVALID_REQUEST', { detail: `The body is not OTLP: ${asSentence(what)}`, cause });
  }
}

function parse(body: Uint8Array): JsonValue {
  let json: JsonValue;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as JsonValue; // that is what it parses
  } catch (cause) {
    throw new AppError('INVALID_JSON', { cause });
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  throw new AppError('INVALID_REQUEST', { detail: 'The body is not OTLP: it must be an object.' });
}

function normal(value: JsonValue, name: string, depth: number): JsonValue {
  if (typeof value === 'string') return ids.has(name) ? idOf(value) : value;
  if (typeof value === 'number') return longs.test(name) ? longOf(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth)
    throw new AppError('INVALID_REQUEST', { detail: `The body is nested deeper than ${maxDepth} levels.` });
  if (Array.isArray(value)) return value.map((item) => normal(item, name, depth + 1));
  const fields: Record<string, JsonValue> = {};
  // An absent field may also be there as null, also in lists, which protobuf's JSON refuses.
  for (const [key, item] of Object.entries(value))
    if (item !== null && key !== '__proto__') fields[key] = normal(item, key, depth + 1);
  return fields;
}

/** Anything but hex digits becomes no id, so that only its span is rejected. */
function idOf(hex: string): string {
  return /^(?:[0-9a-f]{2})+$/i.test(hex) ? Buffer.from(hex, 'hex').toString('base64') : '';
}

function longOf(value: number): JsonValue {
  return Number.isInteger(value) ? String(BigInt(value)) : value;
}
