import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanDocument, type ServiceDocument } from './clean-document.ts';
import { PartNames } from './part-names.ts';

function withSchemas(schemas: Readonly<Record<string, unknown>>): ServiceDocument {
  return cleanDocument({ openapi: '3.1.0', components: { schemas } }) ?? assert.fail();
}
const at = (name: string) => ({ $ref: `#/components/schemas/${name}` });

test('a chain of parts that is longer than the stack is taken over whole, at a cost that grows with its length only', () => {
  const length = 4_900;
  const chain = Array.from({ length }, (_, index) => [`A${index}`, { items: at(`A${index + 1}`) }] as const);
  const document = withSchemas(Object.fromEntries([...chain, [`A${length}`, { type: 'string' }]]));
  // Each part is asked for what it means; so often, that a walk of the whole chain each time would be millions of steps.
  let steps = 0;
  const { schemas } = document.components;
  const get = schemas.get.bind(schemas);
  Object.defineProperty(schemas, 'get', {
    value: (name: string) => {
      steps += 1;
      return get(name);
    },
  });
  const names = new PartNames();
  assert.deepEqual(names.adopt(at('A0'), document, 'shop'), at('A0'));
  const made = names.components['schemas'] as Readonly<Record<string, unknown>>;
  assert.equal(Object.keys(made).length, length + 1);
  assert.deepEqual(made['A4899'], { items: at('A4900') });
  assert.ok(steps < length * 300, `${steps} steps`);
});

test('parts of two services are one if all that they lead to is the same, and it is short enough to compare', () => {
  const names = new PartNames();
  const long = 'x'.repeat(2_000);
  const many = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`L${index}`, { description: long }]));
  const all = { properties: Object.fromEntries(Object.keys(many).map((name) => [name, at(name)])) };
  const shop = withSchemas({ Thing: { items: at('Part') }, Part: { type: 'string' }, All: all, ...many });
  const store = withSchemas({ Thing: { items: at('Part') }, Part: { type: 'integer' }, All: all, ...many });
  const depot = withSchemas({ Thing: { items: at('Part') }, Part: { type: 'string' } });
  assert.deepEqual(names.adopt([at('Thing'), at('All')], shop, 'shop'), [at('Thing'), at('All')]);
  assert.deepEqual(names.adopt(at('Thing'), store, 'store'), at('StoreThing'));
  assert.deepEqual(names.adopt([at('Thing'), at('Part')], depot, 'depot'), [at('Thing'), at('Part')]);
  assert.deepEqual(names.adopt([at('All'), at('L0')], store, 'store'), [at('StoreAll'), at('L0')]);
});
