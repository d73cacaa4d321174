import type { Attributes, AttributeValue } from '../telemetry/index.ts';
import type { ByteWriter } from './byte-writer.ts';

/** The tags of the fields of `AnyValue`. */
const tags = { string: 0x0a, bool: 0x10, int: 0x18, double: 0x21, array: 0x2a } as const;
/** `KeyValue.key` and `KeyValue.value`. */
const [keyTag, valueTag] = [0x0a, 0x12] as const;

// Nearly all attributes are so short that their length is one byte.

/** Writes each attribute that has a value as a `KeyValue` in the field with that tag. */
export function writeAttributes(writer: ByteWriter, tag: number, attributes: Attributes): void {
  // Not over a list of the keys: it would be made each time, and objects of many shapes would be searched for each.
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined) continue;
    writer.byte(tag);
    const start = writer.open(1);
    writer.byte(keyTag);
    writer.text(key);
    writer.byte(valueTag);
    writeValue(writer, value);
    writer.close(start, 1);
  }
}

/** Writes an `AnyValue` after its length. */
function writeValue(writer: ByteWriter, value: AttributeValue): void {
  const start = writer.open(1);
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
      writeNumber(writer, value);
      break;
    default: {
      // Programs in JavaScript may give anything; one attribute must not cost a batch.
      if (!isList(value)) {
        writer.byte(tags.string);
        writer.text(String(value));
        break;
      }
      writer.byte(tags.array);
      const list = writer.open();
      for (const each of value) {
        writer.byte(0x0a); // `ArrayValue.values`
        writeValue(writer, each);
      }
      writer.close(list);
    }
  }
  writer.close(start, 1);
}

function writeNumber(writer: ByteWriter, value: number): void {
  if (Number.isSafeInteger(value)) {
    writer.byte(tags.int);
    writer.int64(value);
  } else {
    writer.byte(tags.double);
    writer.double(value);
  }
}

/** Attributes in the JSON of OTLP: 64-bit numbers are texts. */
export function attributesJson(attributes: Attributes): readonly unknown[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: valueJson(value) }],
  );
}

function valueJson(value: AttributeValue): unknown {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'number':
      if (Number.isSafeInteger(value)) return { intValue: String(value) };
      // As protobuf's JSON has it: what is no number there is a text.
      return { doubleValue: Number.isFinite(value) ? value : String(value) };
    default:
      if (!isList(value)) return { stringValue: String(value) };
      return { arrayValue: { values: value.map((each) => valueJson(each)) } };
  }
}

/** `Array.isArray` would make the elements `any`. */
function isList(value: readonly string[] | readonly number[]): boolean {
  return Array.isArray(value);
}
