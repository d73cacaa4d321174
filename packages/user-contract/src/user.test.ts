import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newUserSchema, userChangeSchema } from './user.ts';

const accepts = (user: unknown): boolean => newUserSchema.safeParse(user).success;

test('white space around name and email is removed, but kept inside a name', () => {
  assert.deepEqual(newUserSchema.parse({ name: ' Ada  Lovelace ', email: '\tada@example.com\n' }), {
    name: 'Ada  Lovelace',
    email: 'ada@example.com',
  });
});

test('names that databases or screens could not reproduce are refused', () => {
  for (const name of [
    '',
    '   ',
    'a\nb',
    'a\u0000',
    'a\u2028b',
    '\u007f',
    'a\ud800',
    '\udc00',
    'x'.repeat(101),
    1,
    null,
  ]) {
    assert.equal(accepts({ name, email: 'a@example.com' }), false, JSON.stringify(name));
  }
  for (const name of ['李雷', "O'Brien", '👩‍🚀', 'x'.repeat(100)]) {
    assert.equal(accepts({ name, email: 'a@example.com' }), true, name);
  }
});

test('usual email addresses are accepted', () => {
  const good = [
    'a@b.cc',
    'first.last+tag@sub.example.co',
    "o'brien@example.com",
    'a@xn--fiqs8s.xn--fiqs8s',
    'A_1@EXAMPLE.com',
  ];
  const bad = [
    '',
    'a',
    '@example.com',
    'a@',
    'a@b',
    'a@@example.com',
    'a@b@example.com',
    '.a@example.com',
    'a.@example.com',
    'a..b@example.com',
    'a b@example.com',
    'a@-b.com',
    'a@b-.com',
    'a@b..com',
    'a@.com',
    'a@b.com.',
    'a@1.2.3.4',
    'a@[1.2.3.4]',
    '"a"@example.com',
    'ä@example.com',
    'a@exämple.com',
    'a\u0000@example.com',
    'a@example.com\r\nBcc: x',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${'b.'.repeat(130)}com`,
    'a\ud800@example.com',
  ];
  for (const email of good) assert.equal(accepts({ name: 'A', email }), true, email);
  for (const email of bad) assert.equal(accepts({ name: 'A', email }), false, JSON.stringify(email));
});

test('very long addresses are refused without backtracking', () => {
  // A pattern that backtracks would not come back from these.
  assert.equal(accepts({ name: 'A', email: `${'a.'.repeat(200)}@${'b-'.repeat(100)}` }), false);
  assert.equal(accepts({ name: 'A', email: 'a'.repeat(1_000_000) }), false);
});

test('unknown fields are refused, and a change must have a field', () => {
  assert.equal(accepts({ name: 'A', email: 'a@example.com', id: 1 }), false);
  assert.equal(userChangeSchema.safeParse({}).success, false);
  assert.equal(userChangeSchema.safeParse({ nmae: 'A' }).success, false);
  assert.equal(userChangeSchema.safeParse({ name: 'A' }).success, true);
});
