import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keysIn, pathOfKey, shortValue } from './stored-key.ts';

test('a value is shown on one line, without what would move the cursor', () => {
  const shown = (value: string, most = 20): string => shortValue({ key: 'k', value }, most);
  assert.equal(shown('debug'), 'debug');
  assert.equal(shown('debug\n'), '"debug\\n"');
  assert.equal(shown('\u001b[2J'), '"\\u001b[2J"');
  assert.equal(shown('商品商品商品', 7), '商品商…');
  assert.equal(shown(''), '');
  assert.equal(shortValue({ key: 'k', value_base64: '/w==' }, 40), '(not text: 1 B)');
});

test('a key is one path, whatever it is made of', () => {
  assert.equal(pathOfKey('config/user-service/A?b#c'), 'kv/config/user-service/A%3Fb%23c');
});

test('an entry of an answer that is not a key is skipped', () => {
  assert.deepEqual(keysIn([{ key: 'a' }, 7, { name: 'b' }, null]), [{ key: 'a' }]);
  assert.deepEqual(keysIn({ key: 'a' }), []);
});
