import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entityTag, matchesStrongly, matchesWeakly, readTags } from './entity-tag.ts';

test('a condition is any, a list of tags, or invalid', () => {
  assert.equal(readTags(' * '), '*');
  assert.deepEqual(readTags('"a", W/"b,c" ,, ""'), [
    { weak: false, opaque: '"a"' },
    { weak: true, opaque: '"b,c"' },
    { weak: false, opaque: '""' },
  ]);
  for (const bad of ['', 'a', '"a', 'w/"a"', '"a" "b"', '"a",b', '*, "a"', '"a b"', '"a\u0000"'])
    assert.equal(readTags(bad), undefined, bad);
});

test('reading a condition takes time in proportion to its length', () => {
  const long = `${'"a" ,\t'.repeat(20_000)}x`;
  assert.equal(readTags(long), undefined);
});

test('a weak tag is good for reading, but never for writing', () => {
  const tag = entityTag('{}');
  assert.equal(matchesWeakly(readTags(`W/${tag}`), tag), true);
  assert.equal(matchesStrongly(readTags(`W/${tag}`), tag), false);
  assert.equal(matchesStrongly(readTags(`"x", ${tag}`), tag), true);
  assert.equal(matchesStrongly('*', tag), true);
});

test('a tag is one that a condition can name', () => {
  for (let length = 0; length < 2_000; length += 1) {
    const tag = entityTag('é'.repeat(length));
    assert.match(tag, length > 1_024 ? /^"[\w-]{22}"$/ : /^"[0-9a-v]{13}"$/);
    assert.equal(matchesStrongly(readTags(tag), tag), true);
  }
});

test('texts with small differences have different tags, short and long ones', () => {
  const tags = new Set<string>();
  let count = 0;
  for (const filling of ['', 'x'.repeat(2_000)])
    for (let id = 0; id < 300; id += 1)
      for (let amount = 0; amount < 300; amount += 1) {
        tags.add(entityTag(`{"id":${id},"amount":${amount},"item":"${filling}"}`));
        count += 1;
      }
  assert.equal(tags.size, count);
  assert.equal(entityTag('a'), entityTag('a'));
});
