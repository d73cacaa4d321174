import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { lineOfText, moneySchema, recordIdSchema, wireShape } from '../resource/index.ts';
import { SchemaBook } from './schema-book.ts';

test('what is described is the wire: the input of a transform, not what comes out', () => {
  const book = new SchemaBook('en');
  const schema = z.strictObject({ amount: moneySchema, item: lineOfText(10) }).transform(({ item }) => item.length);
  const { properties, additionalProperties } = book.describe(schema);
  assert.equal(additionalProperties, false);
  const { amount, item } = properties as Record<'amount' | 'item', Record<string, unknown>>;
  assert.deepEqual(
    (amount['anyOf'] as { type: string }[]).map(({ type }) => type),
    ['number', 'string'],
  );
  assert.equal(item['type'], 'string');
  assert.match(String(item['description']), /^One line of visible text/);
});

test('descriptions are in the language of the document', () => {
  const { description } = new SchemaBook('zh-CN').describe(lineOfText(10));
  assert.match(String(description), /^一行可见文本/);
});

test('the pattern of a line allows what the schema accepts, and forbids what it refuses', () => {
  const pattern = new RegExp(String(new SchemaBook('en').describe(lineOfText(3))['pattern']), 'u');
  for (const text of ['a', 'abc', '  abc  ', 'a c', '\u3000李雷\u00a0', '👩'])
    assert.ok(pattern.test(text) && lineOfText(3).safeParse(text).success, JSON.stringify(text));
  for (const text of ['', ' ', 'abcd', 'a\nb', '\ta', 'a\u2028', '\u202ea', 'a\u0000'])
    assert.ok(!pattern.test(text) && !lineOfText(3).safeParse(text).success, JSON.stringify(text));
});

test('named schemas become components, once each, whoever refers to them', () => {
  const book = new SchemaBook('en');
  const leaf = z.object({ id: recordIdSchema }).meta({ id: 'Leaf' });
  const leaves = { type: 'array', items: { $ref: '#/components/schemas/Leaf' } };
  assert.deepEqual(book.describe(z.array(leaf)), leaves);
  assert.deepEqual(book.describe(leaf), leaves.items);
  assert.deepEqual(Object.keys(book.components), ['Leaf']);
});

test('two schemas of one name are two components', () => {
  const book = new SchemaBook('en');
  assert.deepEqual(book.describe(z.object({ a: z.string() }).meta({ id: 'Thing' })), {
    $ref: '#/components/schemas/Thing',
  });
  assert.deepEqual(book.describe(z.object({ b: z.string() }).meta({ id: 'Thing' })), {
    $ref: '#/components/schemas/Thing2',
  });
  assert.deepEqual(book.describe(z.object({ b: z.string() }).meta({ id: 'Thing' })), {
    $ref: '#/components/schemas/Thing2',
  });
});

test('a name that no component can have is changed', () => {
  const book = new SchemaBook('en');
  assert.deepEqual(book.describe(z.object({}).meta({ id: 'a/b c' })), { $ref: '#/components/schemas/a_b_c' });
});

test('a schema that contains itself has a name, or one for its own use', () => {
  const book = new SchemaBook('en');
  interface Tree {
    readonly children: readonly Tree[];
  }
  const tree: z.ZodType<Tree> = z.object({ children: z.array(z.lazy(() => tree)) }).meta({ id: 'Tree' });
  assert.deepEqual(book.describe(tree), { $ref: '#/components/schemas/Tree' });
  assert.deepEqual(book.components['Tree'], {
    type: 'object',
    properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } },
    required: ['children'],
  });
});

test('a schema without a name that contains itself gets one', () => {
  const book = new SchemaBook('en');
  const chain: z.ZodType = z.object({ next: z.lazy(() => chain).optional() });
  const { $ref } = book.describe(chain);
  const name = String($ref).slice('#/components/schemas/'.length);
  assert.doesNotMatch(JSON.stringify(book.components), /"#"|\$defs/);
  assert.ok(book.components[name] !== undefined, JSON.stringify([$ref, book.components]));
});

test('whole numbers beyond 32 bits say so, since generators would choose a smaller type', () => {
  const book = new SchemaBook('en');
  assert.equal(book.describe(recordIdSchema)['format'], 'int64');
  assert.equal(book.describe(z.int())['format'], 'int64');
  assert.equal(book.describe(z.int().min(0).max(100))['format'], undefined);
});

test('what cannot be described is any value, and a shape helps', () => {
  const book = new SchemaBook('en');
  assert.deepEqual(book.describe(z.custom<string>(() => true)), {});
  assert.deepEqual(
    book.describe(
      wireShape(
        z.custom<string>(() => true),
        { type: 'string' },
      ),
    ),
    { type: 'string' },
  );
  assert.deepEqual(book.describe(wireShape(z.int(), { maximum: 5 })), { type: 'integer', maximum: 5 });
});
