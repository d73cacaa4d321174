import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { defineExpectations, type Expectation, type Expectations } from './expectations.ts';
import { readAllExpectations, readExpectations } from './read-expectations.ts';

const one: Expectation = { name: 'an apple', request: { path: '/a' }, answer: { status: 200, body: { left: 3 } } };
const of = (...expectations: readonly unknown[]): Expectations =>
  ({ consumer: 'cart', provider: 'stock', expectations }) as Expectations;

for (const [what, value, problem] of [
  ['no list', { consumer: 'cart', provider: 'stock' }, /\/expectations: must be a list with at least one/],
  ['an empty list', of(), /\/expectations: must be a list with at least one/],
  ['no consumer', { ...of(one), consumer: '' }, /\/consumer: must be a text/],
  ['a misspelt field', of({ ...one, state: 'x' }), /\/expectations\/0\/state: is not known here; known are name, /],
  ['no name', of({ ...one, name: undefined }), /\/expectations\/0\/name: must be a text/],
  ['two of one name', of(one, one), /\/expectations\/1\/name: another one has this name/],
  ['a path without a slash', of({ ...one, request: { path: 'a' } }), /\/request\/path: must be a path/],
  [
    'a method in lower case',
    of({ ...one, request: { path: '/a', method: 'get' } }),
    /\/request\/method: must be a method/,
  ],
  ['a status as a text', of({ ...one, answer: { status: '200' } }), /\/answer\/status: must be a status/],
  [
    'a rule for nothing',
    of({ ...one, answer: { ...one.answer, exactly: ['/rest'] } }),
    /the example has nothing at \/rest/,
  ],
  ['a bad pattern', of({ ...one, answer: { ...one.answer, matching: { '/left': '(' } } }), /\( is not a regular expr/],
  ['a list of them', [of(one)], /must be an object with consumer/],
] as const) {
  test(`expectations with ${what} are refused, and it is said where and why`, () =>
    assert.throws(() => defineExpectations(value as unknown as Expectations), problem));
}

test('what is written in code can be kept as JSON and read again', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-expectations-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const expected = defineExpectations(of(one));
  const file = join(folder, 'cart.json');
  await assert.rejects(readAllExpectations(folder), /has no \.json file; nothing would be verified/);
  writeFileSync(file, JSON.stringify(expected));
  assert.deepEqual(await readExpectations(file), expected);
  assert.deepEqual(await readAllExpectations(pathToFileURL(`${folder}/`)), [expected]);
  writeFileSync(file, '{"consumer":');
  await assert.rejects(readExpectations(pathToFileURL(file)), /cart\.json is not valid JSON: /);
  writeFileSync(file, '{}');
  await assert.rejects(readExpectations(file), /cart\.json has no valid expectations:\n {2}\/consumer: must be a text/);
});
