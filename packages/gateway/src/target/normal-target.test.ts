import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normalTarget, type TargetProblem } from './normal-target.ts';

const accepted: readonly (readonly [target: string, path: string, query: string])[] = [
  ['/', '/', ''],
  ['/users', '/users', ''],
  ['/api/user/?id=1', '/api/user/', '?id=1'],
  ['/users/?', '/users/', '?'],
  ['/users?a=..//%2e%2e/\\', '/users', '?a=..//%2e%2e/\\'],
  ['/%75sers', '/users', ''],
  ['/%E5%95%86%E5%93%81A', '/商品A', ''],
  ['/a.b/..c/.well-known/x..', '/a.b/..c/.well-known/x..', ''],
  ['/a%2Eb', '/a.b', ''],
  ['/100%25', '/100%', ''],
  ['/a;b=c/d', '/a;b=c/d', ''],
  ["/-._~!$&'()*+,=:@|^", "/-._~!$&'()*+,=:@|^", ''],
  // What browsers and other programs leave as it is (URL Standard, percent-encode sets).
  ['/a|b^c?|{}^`\\"<>', '/a|b^c', '?|{}^`\\"<>'],
  ['/{a}`"<b>', '/{a}`"<b>', ''],
  ['/a?100%&b=%zz%u0041%', '/a', '?100%&b=%zz%u0041%'],
  ['/%7Ba%7D|?%7C', '/{a}|', '?%7C'],
];

for (const [target, path, query] of accepted) {
  test(`${target} is accepted, and its path is read as ${path}`, () => {
    const rawPath = target.split('?', 1)[0] ?? '';
    assert.deepEqual(normalTarget(target), { kind: 'normal', rawPath, path, query });
  });
}

const refusedTargets: readonly (readonly [target: string, problem: TargetProblem])[] = [
  ['', 'not-a-path'],
  ['users', 'not-a-path'],
  ['*', 'not-a-path'],
  ['http://h/users', 'not-a-path'],
  ['/a b', 'control-character'],
  ['/a\tb', 'control-character'],
  ['/a\u0000b', 'control-character'],
  ['/a\u007fb', 'control-character'],
  ['/a?b\u0000', 'control-character'],
  ['/é', 'not-ascii'],
  ['/a?é', 'not-ascii'],
  ['/a#b', 'fragment'],
  ['/a?b#c', 'fragment'],
  ['/a\\b', 'backslash'],
  ['//', 'empty-segment'],
  ['//evil.example/users', 'empty-segment'],
  ['/a//b', 'empty-segment'],
  ['/a//', 'empty-segment'],
  ['/..', 'dot-segment'],
  ['/a/../b', 'dot-segment'],
  ['/a/./b', 'dot-segment'],
  ['/a/.', 'dot-segment'],
  ['/a/..;/b', 'dot-segment'],
  ['/a/..;x=1/b', 'dot-segment'],
  ['/a/.;/b', 'dot-segment'],
  ['/a/%2e%2e/b', 'dot-segment'],
  ['/a/%2E%2E/b', 'dot-segment'],
  ['/a/.%2e/b', 'dot-segment'],
  ['/a/%2e', 'dot-segment'],
  ['/a/..%3b/b', 'dot-segment'],
  ['/a%2fb', 'encoded-separator'],
  ['/a%2Fb', 'encoded-separator'],
  ['/..%2f..%2fetc', 'encoded-separator'],
  ['/a%5cb', 'encoded-separator'],
  ['/a%5Cb', 'encoded-separator'],
  ['/a%00', 'encoded-control-character'],
  ['/a%0d%0ab', 'encoded-control-character'],
  ['/a%7f', 'encoded-control-character'],
  ['/%252e%252e/a', 'double-encoding'],
  ['/a%252fb', 'double-encoding'],
  ['/%25%32%65', 'double-encoding'],
  ['/a%', 'bad-percent-encoding'],
  ['/a%2', 'bad-percent-encoding'],
  ['/a%zz', 'bad-percent-encoding'],
  ['/a%u0041', 'bad-percent-encoding'],
  ['/a%?2f', 'bad-percent-encoding'],
  ['/a%c0%af', 'not-utf-8'],
  ['/a%ff', 'not-utf-8'],
  ['/a%ed%a0%80', 'not-utf-8'],
];

for (const [target, problem] of refusedTargets) {
  test(`${JSON.stringify(target)} is refused: ${problem}`, () => {
    assert.deepEqual(normalTarget(target), { kind: 'refused', problem });
  });
}

/** The ways in which servers are known to read a path; each gives the segments it would look up. */
const readings: Readonly<Record<string, (path: string) => string[]>> = {
  'split, then decode': (path) => path.split('/').map(decodeURIComponent),
  'decode, then split': (path) => decodeURIComponent(path).split('/'),
  'a browser (URL)': (path) => new URL(`http://h${path}`).pathname.split('/').map(decodeURIComponent),
  'decode, then resolve dot segments': (path) => resolveDots(decodeURIComponent(path).split('/')),
  'cut path parameters, then resolve': (path) => {
    const segments = decodeURIComponent(path).split('/');
    const dotted = segments.some((segment) => /^\.\.?(;|$)/.test(segment));
    return dotted ? resolveDots(segments.map((segment) => segment.replace(/;.*/, ''))) : segments;
  },
  'merge slashes': (path) => decodeURIComponent(path).replace(/\/+/g, '/').split('/'),
  'backslash as slash': (path) => decodeURIComponent(path).replaceAll('\\', '/').split('/'),
  'end at NUL': (path) => (decodeURIComponent(path).split('\0')[0] ?? '').split('/'),
  'decode twice': (path) => decodeLeniently(decodeURIComponent(path)).split('/'),
};

function resolveDots(segments: readonly string[]): string[] {
  const resolved: string[] = [];
  for (const segment of segments) {
    if (segment === '..') resolved.pop();
    else if (segment !== '.') resolved.push(segment);
  }
  return resolved;
}

function decodeLeniently(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

const pieces = [
  '/',
  '.',
  '..',
  '%2e',
  '%2E',
  '%2f',
  '%5c',
  '\\',
  '%00',
  '%',
  '%25',
  '%252e',
  ';',
  'a',
  'users',
  '2',
  'e',
];
const more = [
  '%41',
  '%zz',
  '?',
  '#',
  '%c0%af',
  '%e5%95%86',
  '\t',
  'é',
  '~',
  '|',
  ':',
  '@',
  '^',
  '{',
  '}',
  '`',
  '"',
  '<',
  '>',
];

test('every kind of server reads an accepted path the same way', () => {
  const path = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 12 }).map((parts) => `/${parts.join('')}`);
  let acceptedCount = 0;
  fc.assert(
    fc.property(path, (target) => {
      const result = normalTarget(target);
      if (result.kind === 'refused') return;
      acceptedCount++;
      const segments = result.path.split('/');
      for (const [name, read] of Object.entries(readings)) assert.deepEqual(read(result.rawPath), segments, name);
      assert.equal(result.rawPath + result.query, target);
    }),
    { numRuns: 20_000 },
  );
  // Guards the test itself: a generator that only made refused targets would prove nothing.
  assert.ok(acceptedCount > 500, `only ${acceptedCount} targets were accepted`);
});
