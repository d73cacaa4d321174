import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf, readTokenList } from './token-list.ts';

const token = 'a token that is long enough'.replaceAll(' ', '-');

test('an entry has what it names, and nothing else but looking up services', () => {
  const list = readTokenList(JSON.stringify([{ name: 'orders', token, register: ['order-'] }, { name: 'anonymous' }]));
  assert.ok(list.ok);
  const { digest, ...orders } = list.entries[0] ?? assert.fail('There is one');
  assert.equal(digest, digestOf(token));
  assert.deepEqual(orders, {
    name: 'orders',
    register: ['order-'],
    discover: true,
    readKeys: [],
    writeKeys: [],
    operate: false,
    maxRequestsPerSecond: undefined,
  });
  assert.equal(list.entries[1]?.digest, undefined);
});

test('a token may be given as its digest, so that the list holds no secret', () => {
  const list = readTokenList(JSON.stringify([{ name: 'a', token_sha256: digestOf(token).toUpperCase() }]));
  assert.ok(list.ok);
  assert.equal(list.entries[0]?.digest, digestOf(token));
});

test('every mistake is told with its place, and no text of the list is repeated', () => {
  const secret = 'short-secret';
  const given = [
    { name: 'a', token: secret },
    { name: 'b c', token },
    { name: 'c' },
    { name: 'd', token, token_sha256: digestOf(token) },
    { name: 'e', token, registers: ['x'] },
    { name: 'anonymous', token },
    { name: 'f', token, max_requests_per_second: 0 },
    'g',
  ];
  const list = readTokenList(JSON.stringify(given));
  assert.ok(!list.ok);
  const places = list.problems.map((problem) => problem.slice(0, problem.indexOf(':')));
  assert.deepEqual(places, [
    ...['[0].token', '[1].name', '[2].token', '[3].token', '[4]', '[5].token', '[6].max_requests_per_second', '[7]'],
  ]);
  assert.ok(!list.problems.join().includes(secret));
  for (const text of [`{"token":"${secret}"`, `"${secret}"`, `{"a":"${secret}"}`]) {
    const unreadable = readTokenList(text);
    assert.ok(!unreadable.ok && !unreadable.problems.join().includes(secret));
  }
});

test('two entries have neither one name nor one token', () => {
  const list = readTokenList(
    JSON.stringify([
      { name: 'a', token },
      { name: 'a', token: `${token}2` },
      { name: 'b', token_sha256: digestOf(token) },
      { name: 'anonymous' },
      { name: 'anonymous' },
    ]),
  );
  assert.ok(!list.ok);
  assert.deepEqual(list.problems, [
    '[1]: has the same name as another entry: a',
    '[4]: has the same name as another entry: anonymous',
    '[2]: has the same token as another entry',
  ]);
});
