import type { AnyValue, KeyValue } from '@flotilla/kit/otlp';

/** Deeper values are of no use to a person, and cost every reader. */
const maxDepth = 16;
/** More attributes than anything honest has. */
const maxAttributes = 1_024;
const nothing: Readonly<Record<string, unknown>> = {};

/** The attributes as an object. The last of those with the same name counts. */
export function readAttributes(list: readonly KeyValue[], depth: number = 0): Readonly<Record<string, unknown>> {
  if (list.length === 0) return nothing;
  const fields: Record<string, unknown> = {};
  let count = 0;
  for (const { key, value } of list) {
    // An object has no such field of its own.
    if (key === '__proto__') continue;
    count += 1;
    if (count > maxAttributes) break;
    fields[key] = readValue(value, depth);
  }
  return fields;
}

/** A value as JSON has it: what JSON cannot say becomes a text. */
export function readValue(any: AnyValue | undefined, depth: number = 0): unknown {
  if (any === undefined) return null;
  const { case: kind, value } = any.value;
  switch (kind) {
    case undefined:
      return null;
    case 'stringValue':
    case 'boolValue':
      return value;
    case 'intValue':
      return readInteger(value);
    case 'doubleValue':
      return Number.isFinite(value) ? value : String(value);
    case 'bytesValue':
      return Buffer.from(value).toString('base64');
    case 'arrayValue':
      return depth >= maxDepth ? '…' : value.values.slice(0, maxAttributes).map((item) => readValue(item, depth + 1));
    case 'kvlistValue':
      return depth >= maxDepth ? '…' : readAttributes(value.values, depth + 1);
    default:
      return kind satisfies never;
  }
}

/** A number if that is exact, else its digits. */
function readInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** Microseconds since the epoch. */
export function readMicros(nanos: bigint): number {
  return Number(nanos / 1_000n);
}

/** An id of this many bytes, not all zero; undefined: it is none. */
export function readId(bytes: Uint8Array, length: number): Uint8Array | undefined {
  return bytes.length === length && bytes.some((byte) => byte !== 0) ? bytes : undefined;
}
