import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { repeatedKey } from './repeated-key.ts';

const cases: readonly (readonly [text: string, path: string | undefined])[] = [
  ['{"a":1,"a":2}', 'a'],
  ['{"a":1,"b":2,"a":3}', 'a'],
  ['{"a":1, \n\t"a" : 1}', 'a'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"":1,"":2}', ''],
  ['{"a\\"":1,"a\\"":2}', 'a"'],
  ['{"\\\\":1,"\\\\":2}', '\\'],
  ['{"a":{"b":[0,{"c":1,"c":2}]}}', 'a/b/1/c'],
  ['[[],[{"a":1}],{"x":"a","a":[],"x":{}}]', '2/x'],
  ['{"a":{"a":{"a":"a"}}}', undefined],
  ['[{"a":1},{"a":1},"a","a"]', undefined],
  ['{"a":"b","b":"a","c":"a\\",\\"a"}', undefined],
  ['{"a":["a","a","b","b"],"b":1}', undefined],
  ['{"a":"{\\"a\\":1","c":1}', undefined],
  ['{"a\\\\":"\\\\","b":"\\\\\\"}","c":","}', undefined],
  ['{"constructor":1,"__proto__":2}', undefined],
  ['"a"', undefined],
  ['{}', undefined],
  ['7', undefined],
];

for (const [text, path] of cases)
  test(`${text} ${path === undefined ? 'has no name twice' : `has "${path}" twice`}`, () => {
    JSON.parse(text);
    assert.equal(repeatedKey(text)?.join('/'), path);
  });

test('JSON.stringify never writes a name twice, and an added repetition is found', () => {
  const name = fc.oneof(fc.constantFrom('a', 'b', '"', '\\', '\\"', '{', ','), fc.string());
  const value = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(fc.dictionary(name, value, { minKeys: 1 }), fc.nat(), value, (object, pick, other) => {
      const text = JSON.stringify({ outer: [object] });
      assert.equal(repeatedKey(text), undefined);
      const again = Object.keys(object)[pick % Object.keys(object).length] ?? '';
      const twice = `{${JSON.stringify(object).slice(1, -1)},${JSON.stringify(again)}:${JSON.stringify(other)}}`;
      assert.deepEqual(repeatedKey(`{"outer":[${twice}]}`), ['outer', 0, again]);
    }),
    { numRuns: 2_000 },
  );
});

test('a megabyte of nesting, of names or of backslashes is read in one pass', () => {
  const depth = 150_000;
  assert.equal(repeatedKey(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`), undefined);
  assert.equal(repeatedKey(`{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":0`).join()},"k7":0}`)?.[0], 'k7');
  assert.equal(repeatedKey(`{"a":"${'\\\\'.repeat(500_000)}","a":1}`)?.[0], 'a');
  assert.equal(repeatedKey(`{"a":"${'\\"'.repeat(500_000)}","a":1}`)?.[0], 'a');
});
