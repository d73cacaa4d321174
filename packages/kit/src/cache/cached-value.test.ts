import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { valueForm } from './cached-value.ts';

const cart = valueForm(z.object({ id: z.number(), owner: z.string() }));

test('a value survives, with its fields in their order', () => {
  const text = cart.write('e1', { owner: '李|雷', id: 1 });
  assert.ok(text.startsWith(cart.prefix('e1')));
  assert.equal(JSON.stringify(cart.read('e1', text)?.value), '{"owner":"李|雷","id":1}');
});

test('texts that are no such value are none', () => {
  for (const json of ['', '{', 'null', '[]', '{"id":"1","owner":"a"}', '{"id":1}'])
    assert.equal(cart.read('e1', cart.prefix('e1') + json), undefined, json);
});

test('another epoch, or another shape of values, begins differently', () => {
  const newer = valueForm(z.object({ id: z.number(), owner: z.string(), cancelled_at: z.string().optional() }));
  assert.notEqual(newer.prefix('e1'), cart.prefix('e1'));
  assert.notEqual(cart.prefix('e2'), cart.prefix('e1'));
  assert.equal(valueForm(z.object({ id: z.number(), owner: z.string() })).prefix('e1'), cart.prefix('e1'));
});
