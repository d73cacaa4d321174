import type { ByteWriter } from './byte-writer.ts';

/** The tags of the fields of `AnyValue`. */
const tags = { string: 0x0a, bool: 0x10, int: 0x18, double: 0x21, array: 0x2a, object: 0x32 } as const;
/** The field `values` of a list or an object, and `key` and `value` of `KeyValue`. */
const [valuesTag, keyTag, valueTag] = [0x0a, 0x0a, 0x12] as const;

/** Writes the fields of an object read from JSON, each as a `KeyValue` in the field with that tag. */
export function writeJsonFields(writer: ByteWriter, tag: number, fields: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (value === undefined) continue;
    writer.byte(tag);
    const start = writer.open();
    writer.byte(keyTag);
    writer.text(key);
    writer.byte(valueTag);
    writeJsonValue(writer, value);
    writer.close(start);
  }
}

/** Writes a value read from JSON as an `AnyValue`, after its length. */
export function writeJsonValue(writer: ByteWriter, value: unknown): void {
  const start = writer.open();
  switch (typeof value) {
    case 'string':
      writer.byte(tags.string);
      writer.text(value);
      break;
    case 'boolean':
      writer.byte(tags.bool);
      writer.byte(value ? 1 : 0);
      break;
    case 'number':
      if (Number.isSafeInteger(value)) {
        writer.byte(tags.int);
        writer.int64(value);
      } else {
        writer.byte(tags.double);
        writer.double(value);
      }
      break;
    default:
      // `null` is a value without a field.
      if (typeof value === 'object' && value !== null) writeTree(writer, value);
  }
  writer.close(start);
}

function writeTree(writer: ByteWriter, tree: object): void {
  writer.byte(Array.isArray(tree) ? tags.array : tags.object);
  writer.nested(() => {
    if (!Array.isArray(tree)) return writeJsonFields(writer, valuesTag, { ...tree });
    for (const each of tree as readonly unknown[]) {
      writer.byte(valuesTag);
      writeJsonValue(writer, each);
    }
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
