import type { ByteWriter } from './byte-writer.ts';

/** The tags of the fields of `AnyValue`. */
const tags = { string: 0x0a, bool: 0x10, int: 0x18, double: 0x21, array: 0x2a, object: 0x32 } as const;
/** The field `values` of a list or an object, and `key` and `value` of `KeyValue`. */
const [valuesTag, keyTag, valueTag] = [0x0a, 0x0a, 0x12] as const;

/** Writes the fields of an object read from JSON, each as a `KeyValue` in the field with that tag. */
export function writeJsonFields(writer: ByteWriter, tag: number, fields: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    writer.byte(tag);
    writer.nested(() => {
      writer.byte(keyTag);
      writer.text(key);
      writer.byte(valueTag);
      writeJsonValue(writer, value);
    });
  }
}

/** Writes a value read from JSON as an `AnyValue`, after its length. */
export function writeJsonValue(writer: ByteWriter, value: unknown): void {
  writer.nested(() => {
    if (typeof value === 'string') {
      writer.byte(tags.string);
      writer.text(value);
    } else if (typeof value === 'boolean') {
      writer.byte(tags.bool);
      writer.byte(value ? 1 : 0);
    } else if (typeof value === 'number') {
      if (Number.isSafeInteger(value)) {
        writer.byte(tags.int);
        writer.int64(value);
      } else {
        writer.byte(tags.double);
        writer.double(value);
      }
    } else if (Array.isArray(value)) {
      writer.byte(tags.array);
      writer.nested(() => {
        for (const each of value) {
          writer.byte(valuesTag);
          writeJsonValue(writer, each);
        }
      });
    } else if (typeof value === 'object' && value !== null) {
      writer.byte(tags.object);
      writer.nested(() => writeJsonFields(writer, valuesTag, { ...value }));
    }
    // `null` is a value without a field.
  });
}

/** The same in the JSON of OTLP. */
export function jsonFields(fields: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyJson(value) }],
  );
}

export function anyJson(value: unknown): unknown {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyJson) } };
  if (typeof value === 'object' && value !== null) return { kvlistValue: { values: jsonFields({ ...value }) } };
  return {};
}
