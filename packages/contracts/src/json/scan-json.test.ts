import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { scanJson } from './scan-json.ts';

function found(text: string | Buffer, maxDepth = 64): string {
  const scan = scanJson(typeof text === 'string' ? Buffer.from(text) : text, maxDepth);
  return scan.kind === 'value' ? 'value' : scan.problem;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

for (const text of [
  ...['null', 'true', 'false', '0', '-0', '12', '-1.5', '1e9', '1E+9', '1.0e-2', '""', '"a"', '[]', '{}', ' [ ] '],
  ...['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD800"', '[1,2,[3]]', '{"a":{"b":[]},"a":1}', '\t\r\n1\n', '"\u007f 商"'],
]) {
  test(`${JSON.stringify(text)} is a value`, () => {
    assert.equal(found(text), 'value');
    assert.ok(parses(text));
  });
}

for (const text of [
  ...['', ' ', 'nul', 'nulll', 'True', '01', '-', '+1', '.5', '1.', '1e', '1e+', '0x1', 'NaN', '"', '"\\x"', '"\\u12"'],
  ...[
    '"\\u12g4"',
    '"a\nb"',
    '[',
    ']',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1}',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{}}',
  ],
  ...[
    '{"a":1,',
    '{"a":1,}',
    '{a:1}',
    '{1:1}',
    '{"a" 1}',
    '{"a":1 "b":2}',
    '[1]]',
    '1 2',
    '{}{}',
    '"a""b"',
    '//',
    '1//',
  ],
  ...["'a'", '[1]x', '\u00a01', '\f1'],
]) {
  test(`${JSON.stringify(text)} is not a value`, () => {
    assert.equal(found(text), 'not-json');
    assert.ok(!parses(text));
  });
}

test('bytes that are not UTF-8 are refused, and a byte order mark is skipped', () => {
  assert.equal(found(Buffer.from([0x22, 0xff, 0x22])), 'not-utf-8');
  assert.deepEqual(scanJson(Buffer.from('\ufeff{}'), 1), { kind: 'value', start: 3 });
});

test('a value that is nested too deeply is refused at the first bracket too many', () => {
  assert.equal(found('[[[]]]', 3), 'value');
  assert.deepEqual(scanJson(Buffer.from('[[{"a":[]}]]'), 3), { kind: 'refused', problem: 'too-deep', at: 7 });
  // Side by side is not deep.
  assert.equal(found(`[${'[[]],'.repeat(1_000)}1]`, 3), 'value');
  assert.equal(found('[]', 0), 'too-deep');
  assert.equal(found('1', 0), 'value');
});

test('a megabyte of brackets ends at the limit, and a broken one is found anywhere', () => {
  assert.deepEqual(scanJson(Buffer.from('['.repeat(1_000_000)), 100), {
    kind: 'refused',
    problem: 'too-deep',
    at: 100,
  });
  assert.equal(found(`${'['.repeat(1_000_000)}`, 1_000_000), 'not-json');
  assert.equal(found(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`, 1_000_000), 'value');
});

test('it accepts exactly what JSON.parse accepts', () => {
  const near = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '\\', ',', ':', '[', '}', '0', 'e', ' ', '-', 'u'))
    .map(([text, seed, letter]) => {
      const at = seed % (text.length + 1);
      return text.slice(0, at) + letter + text.slice(at + (seed % 3));
    });
  const any = fc.oneof(fc.json(), near, fc.string({ unit: fc.constantFrom(...'[]{}",:\\u0e1-.+ tnfa') }));
  fc.assert(
    fc.property(any, (text) => {
      // Half a surrogate pair has no bytes in UTF-8.
      fc.pre(text.isWellFormed());
      assert.equal(found(text, 1_000) === 'value', parses(text), text);
    }),
    { numRuns: 5_000 },
  );
});
