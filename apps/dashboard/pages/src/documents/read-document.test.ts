import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleDocument } from '../../fixtures/sample-document.ts';
import { exampleValue } from './example-value.ts';
import { resolved } from './json.ts';
import { type Operation, readDocument } from './read-document.ts';
import { schemaRows, typeText } from './schema-text.ts';
import { draftedRequest, firstDraft, missingParameters } from './try-draft.ts';

function operation(id: string): Operation {
  const found = readDocument(sampleDocument)
    .groups.flatMap(({ operations }) => operations)
    .find((each) => each.id === id);
  if (found === undefined) throw new Error(`There is no ${id}`);
  return found;
}

const read = 'GET /users/{user_id}/orders/{id}';

test('operations are grouped by tag, in the order of the tags, and empty groups are left out', () => {
  const { groups, title } = readDocument(sampleDocument);
  assert.equal(title, 'order-service');
  assert.deepEqual(
    groups.map(({ name, operations }) => [name, operations.length]),
    [
      ['Orders', 2],
      ['', 1],
    ],
  );
});

test('parameters come in the order of the path; those of the operation replace those of the path', () => {
  assert.deepEqual(
    operation(read).parameters.map(({ name, place, isRequired }) => [name, place, isRequired]),
    [
      ['user_id', 'path', true],
      ['id', 'path', true],
      ['limit', 'query', true],
    ],
  );
});

test('answers that refer to others have their text', () => {
  assert.deepEqual(
    operation(read).answers.map(({ status, description }) => [status, description]),
    [
      ['200', 'OK'],
      ['404', 'There is no such order'],
    ],
  );
});

test('whatever is not a document has no operations', () => {
  for (const value of [undefined, null, 'text', [], { paths: [] }, { paths: { '/': { get: null } }, tags: 5 }]) {
    assert.doesNotThrow(() => readDocument(value));
  }
});

test('a reference to itself, to nothing, or to elsewhere ends', () => {
  assert.deepEqual(resolved(sampleDocument, { $ref: '#/components/schemas/Loop' }), {});
  assert.deepEqual(resolved(sampleDocument, { $ref: '#/nowhere/at/all' }), {});
  assert.deepEqual(resolved(sampleDocument, { $ref: 'http://127.0.0.1/schema.json' }), {});
  assert.deepEqual(resolved(sampleDocument, { $ref: '#/constructor/prototype' }), {});
});

test('the fields of a schema are rows, and a schema that contains itself ends', () => {
  const rows = schemaRows(sampleDocument, { $ref: '#/components/schemas/Order' });
  const byPath = new Map(rows.map((row) => [row.path, row]));
  assert.equal(byPath.get('id')?.isRequired, true);
  assert.equal(byPath.get('state')?.type, '"open" | "paid"');
  assert.equal(byPath.get('lines[].price')?.type, 'number | null');
  assert.deepEqual(byPath.get('item')?.limits, ['minLength 6']);
  assert.ok(rows.length < 200);
  assert.equal(typeText(sampleDocument, { type: 'array', items: { $ref: '#/components/schemas/Order' } }), 'Order[]');
});

test('an example has what is required and what has an example', () => {
  assert.deepEqual(exampleValue(sampleDocument, { $ref: '#/components/schemas/NewOrder' }), {
    item: 'textttt'.slice(0, 6),
    email: 'alice@example.com',
    lines: [{ price: 1 }],
  });
});

test('a first draft can be sent as it is', () => {
  const get = operation(read);
  const draft = firstDraft(sampleDocument, get);
  assert.deepEqual(missingParameters(get, draft), []);
  assert.deepEqual(draftedRequest('gateway', get, draft), {
    to: 'gateway',
    method: 'GET',
    target: '/users/a%20b/orders/1?limit=5',
    headers: {},
  });
  const post = operation('POST /orders');
  const request = draftedRequest('order-service', post, firstDraft(sampleDocument, post));
  assert.deepEqual(request.headers, { 'Content-Type': 'application/json' });
  assert.equal(JSON.parse(request.body ?? '').email, 'alice@example.com');
});

test('a path parameter cannot leave its place in the path', () => {
  const get = operation(read);
  const draft = { ...firstDraft(sampleDocument, get), body: '' };
  const values = { ...draft.values, 'path id': '../$&?x=1#', 'query limit': '' };
  assert.equal(draftedRequest('a', get, { ...draft, values }).target, '/users/a%20b/orders/..%2F%24%26%3Fx%3D1%23');
  assert.deepEqual(
    missingParameters(get, { ...draft, values }).map(({ name }) => name),
    ['limit'],
  );
});
