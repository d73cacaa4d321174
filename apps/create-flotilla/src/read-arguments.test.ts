import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArguments } from './read-arguments.ts';

test('a folder is enough, and options are read beside it', () => {
  assert.deepEqual(readArguments(['shop']), { kind: 'create', folder: 'shop', service: 'note', install: true });
  const words = ['--no-install', 'shop', '--service=book'];
  assert.deepEqual(readArguments(words), { kind: 'create', folder: 'shop', service: 'book', install: false });
  assert.deepEqual(readArguments(['shop', '-h']), { kind: 'help' });
});

for (const [words, message] of [
  [[], /^Name the folder of your project/],
  [['a', 'b'], /^Name only one folder, .* also "b"\. Options need "--" before them/],
  [['a', '--foo'], /^Unknown option '--foo'\. "npm create flotilla -- --help" lists the options\.$/],
  [['a', '--service'], /^Option '--service <value>' argument missing\. "npm create/],
  [['--service', '--no-install', 'a'], /^Option '--service' argument is ambiguous\. "npm create/],
] as const) {
  test(`npm create flotilla ${words.join(' ')}: the mistake is one line`, () => {
    const wish = readArguments(words);
    assert.equal(wish.kind, 'mistake');
    assert.match(wish.kind === 'mistake' ? wish.message : '', message);
  });
}
