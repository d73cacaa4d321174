import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptBaggage, formatBaggage, readBaggage } from './baggage.ts';

test('baggage is read as W3C writes it, and what is wrong in it is left out', () => {
  const read = readBaggage('tenant=caf%C3%A9 ; ttl=5, user = 1=2,bad name=1,broken=%zz,=x,lone');
  assert.deepEqual(
    [...read],
    [
      ['tenant', 'café'],
      ['user', '1=2'],
    ],
  );
  assert.equal(readBaggage(undefined).size, 0);
});

test('what is no header, or too long, is not passed on', () => {
  assert.equal(acceptBaggage('a=1'), 'a=1');
  for (const value of ['', 'a=\n1', 'a=é', 'a='.padEnd(8_193, 'x')]) assert.equal(acceptBaggage(value), undefined);
});

test('baggage that was written can be read again, and keeps within its limits', () => {
  const entries = new Map([
    ['a', 'x,y;z=ü'],
    ['b', ''],
  ]);
  assert.deepEqual([...readBaggage(formatBaggage(entries))], [...entries]);
  const many = new Map(Array.from({ length: 100 }, (_, index) => [`k${index}`, '1']));
  assert.equal(readBaggage(formatBaggage(many)).size, 64);
  assert.equal(formatBaggage(new Map([['a b', '1']])), undefined);
  assert.equal(
    formatBaggage(
      new Map([
        ['a', 'x'.repeat(9_000)],
        ['b', '1'],
      ]),
    ),
    'b=1',
  );
});
