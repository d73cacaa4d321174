import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterPrefix, compareKeys, isInRange } from './key-order.ts';

const odd = ['', 'a', 'a/', 'a/b', 'a0', 'ab', 'b', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '😁a', 'a/\uffff', 'a/😀'];

test('keys are in the order of their bytes in UTF-8', () => {
  const byBytes = odd.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  assert.deepEqual(odd.toSorted(compareKeys), byBytes);
  assert.notDeepEqual(odd.toSorted(), byBytes, 'the order of JavaScript would do as well');
  assert.equal(compareKeys('same', 'same'), 0);
});

test('what comes after a prefix is the first key that does not begin with it', () => {
  const prefixes = [...odd, 'a/\u{10ffff}', '\u{10ffff}'];
  const keys = prefixes.flatMap((prefix) => [prefix, `${prefix}\u{10ffff}z`, `${prefix}0`]);
  for (const prefix of prefixes)
    for (const key of keys)
      assert.equal(isInRange(key, prefix, afterPrefix(prefix)), key.startsWith(prefix), `${prefix} of ${key}`);
  assert.equal(afterPrefix(''), undefined);
  assert.equal(afterPrefix('\u{10ffff}'), undefined);
  assert.equal(afterPrefix('\ud7ff'), '\ue000');
});
