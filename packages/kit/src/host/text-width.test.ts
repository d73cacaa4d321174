import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutToWidth, padToWidth, textWidth } from './text-width.ts';

test('the width of a text is the one on a terminal', () => {
  assert.equal(textWidth('GET /users'), 10);
  assert.equal(textWidth('\u001b[31mred\u001b[0m'), 3);
  assert.equal(textWidth('商品A'), 5);
  assert.equal(textWidth('e\u0301'), 1);
  assert.equal(textWidth('🚀'), 2);
});

test('a text that is cut shows it, and never half a character', () => {
  assert.equal(cutToWidth('order-service', 13), 'order-service');
  assert.equal(cutToWidth('order-service', 8), 'order-s…');
  assert.equal(cutToWidth('商品商品', 4), '商…');
  assert.equal(cutToWidth('abc', 0), '');
});

test('a text is padded by its width, not its length', () => {
  assert.equal(padToWidth('商品', 6), '商品  ');
  assert.equal(padToWidth('abc', 2), 'abc');
});
