import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The bytes of a message that nobody should send. */
export interface HostileMessage {
  /** What is wrong with it, for the name of a test. */
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** Messages of this type with something wrong, made from its descriptor: every field in every way. */
export function hostileMessages(type: DescMessage): readonly HostileMessage[] {
  return [...wrongMessages, ...type.fields.flatMap(wrongFields)];
}

const text = (value: string): Buffer => Buffer.from(value, 'utf8');

/** What is wrong whatever the fields are. */
const wrongMessages: readonly HostileMessage[] = [
  { what: 'nothing', bytes: Buffer.alloc(0) },
  { what: 'an unknown number', bytes: new BinaryWriter().tag(1_000, WireType.Varint).int32(7).finish() },
  { what: 'an unknown text', bytes: new BinaryWriter().tag(1_001, WireType.LengthDelimited).string('x').finish() },
  { what: 'unknown bytes of eight', bytes: new BinaryWriter().tag(1_002, WireType.Bit64).fixed64(7).finish() },
  { what: 'unknown bytes of four', bytes: new BinaryWriter().tag(1_003, WireType.Bit32).fixed32(7).finish() },
  { what: 'an unknown group', bytes: Buffer.from([0xc3, 0x3e, 0xc4, 0x3e]) },
  { what: 'a group that does not end', bytes: Buffer.from([0xc3, 0x3e]) },
  { what: 'the end of no group', bytes: Buffer.from([0xc4, 0x3e]) },
  { what: 'groups within groups, 10,000 deep', bytes: Buffer.alloc(20_000, Buffer.from([0xc3, 0x3e])) },
  { what: 'a field with the number 0', bytes: Buffer.from([0x00, 0x01]) },
  { what: 'a wire type that does not exist', bytes: Buffer.from([0x0f, 0x01]) },
  { what: 'a number that does not end', bytes: Buffer.alloc(20, 0xff) },
  { what: 'a tag that ends too early', bytes: Buffer.from([0x80]) },
  { what: 'JSON', bytes: text('{"id": 1}') },
];

function wrongFields(field: DescField): readonly HostileMessage[] {
  const { name, number } = field;
  const asText = (bytes: Uint8Array): Uint8Array =>
    new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(bytes).finish();
  const asNumber = (value: bigint): Uint8Array => new BinaryWriter().tag(number, WireType.Varint).int64(value).finish();
  const longer = Buffer.concat([asText(text('abc')).subarray(0, 1), Buffer.from([100]), text('abc')]);
  return [
    // Each field gets the values of both kinds: one of them is of the wrong type.
    ...texts.map(({ what, bytes }) => ({ what: `${name}: ${what}`, bytes: asText(bytes) })),
    ...numbers.map((value) => ({ what: `${name}: ${value}`, bytes: asNumber(value) })),
    { what: `${name}: shorter than it says`, bytes: longer },
    { what: `${name}: longer than any message`, bytes: Buffer.from([...tagOf(number), 0xff, 0xff, 0xff, 0xff, 0x07]) },
    { what: `${name}: given twice`, bytes: Buffer.concat([validValue(field), validValue(field)]) },
    { what: `${name}: alone`, bytes: validValue(field) },
  ];
}

function tagOf(number: number): Uint8Array {
  return new BinaryWriter().tag(number, WireType.LengthDelimited).finish();
}

function validValue(field: DescField): Uint8Array {
  const writer = new BinaryWriter();
  return field.fieldKind === 'scalar' && field.scalar === ScalarType.STRING
    ? writer.tag(field.number, WireType.LengthDelimited).string('x@example.com').finish()
    : writer.tag(field.number, WireType.Varint).int64(1).finish();
}

const texts: readonly HostileMessage[] = [
  { what: 'empty', bytes: text('') },
  { what: 'only spaces', bytes: text(' \t ') },
  { what: '100,000 characters', bytes: text('x'.repeat(100_000)) },
  { what: 'no UTF-8: FF', bytes: Buffer.from([0x61, 0xff]) },
  { what: 'no UTF-8: NUL in two bytes', bytes: Buffer.from([0xc0, 0x80]) },
  { what: 'no UTF-8: half a pair', bytes: Buffer.from([0xed, 0xa0, 0x80]) },
  { what: 'no UTF-8: cut off', bytes: Buffer.from([0xe4, 0xb8]) },
  { what: 'NUL', bytes: text('a\0b') },
  { what: 'a line break', bytes: text('a\nb') },
  { what: 'a change of direction', bytes: text('a\u202eb') },
  { what: 'nothing visible', bytes: text('\u200b\u2060') },
  { what: 'SQL', bytes: text("'; DROP TABLE users; --") },
];

const numbers: readonly bigint[] = [0n, -1n, 2n ** 31n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];
