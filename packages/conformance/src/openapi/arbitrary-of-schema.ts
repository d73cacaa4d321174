import fc from 'fast-check';

/** A JSON Schema as our documents have them. */
export interface DescribedSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly anyOf?: readonly DescribedSchema[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, DescribedSchema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly items?: DescribedSchema;
}

/** What is needed to make values. */
export interface Making {
  /** Finds what a reference names. */
  resolve(reference: string): DescribedSchema;
  /** What descriptions say in words about texts with a pattern, beyond what holds for all. */
  isMeant(text: string): boolean;
}

/** What people read of a text; the descriptions say that there must be some. */
const readable = /[\p{L}\p{N}]/u;

/** Values that a schema allows. */
export function arbitraryOf(schema: DescribedSchema, making: Making): fc.Arbitrary<unknown> {
  const { $ref, anyOf, enum: values, type } = schema;
  if ($ref !== undefined) return arbitraryOf(making.resolve($ref), making);
  if (values !== undefined) return fc.constantFrom(...values);
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((one) => arbitraryOf(one, making)));
  switch (type) {
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1000, max: schema.maximum ?? 1000 });
    case 'number':
      return hundredths(schema);
    case 'string':
      return textOf(schema, making);
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}, making), { maxLength: 3 });
    case 'object':
      return objectOf(schema, making);
    default:
      return fc.jsonValue();
  }
}

/** Decimals are described in words: JSON Schema has none that validators agree on. */
function hundredths({ minimum = 0, maximum = 1_000 }: DescribedSchema): fc.Arbitrary<number> {
  return fc.integer({ min: Math.round(minimum * 100), max: Math.round(maximum * 100) }).map((cents) => cents / 100);
}

function textOf(
  { pattern, minLength = 0, maxLength = 300 }: DescribedSchema,
  { isMeant }: Making,
): fc.Arbitrary<string> {
  if (pattern === undefined) return fc.string({ minLength, maxLength: Math.min(maxLength, 50) });
  return (
    fc
      .stringMatching(new RegExp(pattern, 'u'))
      // What the descriptions say in words: characters beyond U+FFFF count twice, and something must be visible.
      .filter((text) => text.length <= maxLength && text.length === [...text].length && readable.test(text))
      .filter(isMeant)
  );
}

function objectOf(schema: DescribedSchema, making: Making): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], minProperties = 0 } = schema;
  const parts = Object.entries(properties).map(([name, part]) => [name, arbitraryOf(part, making)] as const);
  return fc
    .record(Object.fromEntries(parts), { requiredKeys: [...required], noNullPrototype: true })
    .filter((value) => Object.keys(value).length >= minProperties);
}
