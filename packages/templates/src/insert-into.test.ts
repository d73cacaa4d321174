import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertInto } from './insert-into.ts';

const entry = "book: { run: 'book.ts' }";
const into = (source: string): string | undefined => insertInto(source, { property: 'programs', entry });

test('an entry is added at the end, with the indentation of its place', () => {
  assert.equal(
    into("defineFleet({\n  programs: {\n    a: { run: 'a.ts' },\n  },\n});\n"),
    "defineFleet({\n  programs: {\n    a: { run: 'a.ts' },\n    book: { run: 'book.ts' },\n  },\n});\n",
  );
});

test('an empty or single-line literal is spread over several lines', () => {
  assert.equal(into('f({ programs: {} });'), "f({ programs: {\n  book: { run: 'book.ts' },\n} });");
  assert.equal(into('  programs: {\n  },\n'), "  programs: {\n    book: { run: 'book.ts' },\n  },\n");
  assert.equal(into('  programs: { a: 1 },\n'), "  programs: { a: 1,\n    book: { run: 'book.ts' },\n  },\n");
});

test('a last entry without a comma gets one and keeps its trailing comment', () => {
  assert.equal(
    into("programs: {\n  a: 'x', // ours\n  b: 'y' // theirs }\n}"),
    "programs: {\n  a: 'x', // ours\n  b: 'y', // theirs }\n  book: { run: 'book.ts' },\n}",
  );
});

test('braces and names in strings and comments are ignored', () => {
  const source =
    '// programs: {\nconst a = \'programs: {\';\nf({ programs: {\n  x: { help: `}`, why: "]" } /* } */,\n} });';
  assert.equal(
    into(source),
    "// programs: {\nconst a = 'programs: {';\nf({ programs: {\n  x: { help: `}`, why: \"]\" } /* } */,\n  book: { run: 'book.ts' },\n} });",
  );
});

test('an entry of several lines can be added to an array', () => {
  assert.equal(
    insertInto('{\n  routes: [\n    1,\n  ],\n}', { property: 'routes', entry: '{\n  kind: 1,\n}' }),
    '{\n  routes: [\n    1,\n    {\n      kind: 1,\n    },\n  ],\n}',
  );
});

test('an entry can be added to a constant, whatever its type looks like', () => {
  assert.equal(
    insertInto('const list: readonly Step[] = [one];\n', { property: 'list', entry: 'two' }),
    'const list: readonly Step[] = [one,\n  two,\n];\n',
  );
});

test('a file in another form is left for the user to edit', () => {
  assert.equal(into('f({ programs: all() });'), undefined);
  assert.equal(into('f({ programs });'), undefined);
  assert.equal(into('f({ programs: { a: {} '), undefined);
  assert.equal(into(''), undefined);
  assert.equal(into('f({ myprograms: {} });'), undefined);
});

test('an entry has the indentation and line endings of its neighbours', () => {
  const routes = (source: string): string | undefined =>
    insertInto(source, { property: 'routes', entry: '{\n  kind: 1,\n}' });
  assert.equal(
    routes('f({\n\troutes: [\n\t\t1,\n\t],\n});'),
    'f({\n\troutes: [\n\t\t1,\n\t\t{\n\t\t\tkind: 1,\n\t\t},\n\t],\n});',
  );
  assert.equal(routes('f({\n\troutes: [],\n});'), 'f({\n\troutes: [\n\t\t{\n\t\t\tkind: 1,\n\t\t},\n\t],\n});');
  assert.equal(
    routes('f({\n    routes: [\n        1,\n    ],\n});'),
    'f({\n    routes: [\n        1,\n        {\n            kind: 1,\n        },\n    ],\n});',
  );
  assert.equal(
    routes('  routes: [\r\n    1\r\n  ]\r\n'),
    '  routes: [\r\n    1,\r\n    {\r\n      kind: 1,\r\n    },\r\n  ]\r\n',
  );
});

test('if several literals have the name, the user has to choose', () => {
  assert.equal(into('f({ test: { programs: { a: 1 } }, programs: { a: 2 } });'), undefined);
  assert.equal(into('const other = { programs: {} };\n// here\nf({ programs: {} });'), undefined);
});
