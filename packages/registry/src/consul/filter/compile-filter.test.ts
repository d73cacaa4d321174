import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileFilter } from './compile-filter.ts';
import { FilterError } from './expression.ts';
import type { Fields } from './fields.ts';

const fields: Fields = {
  Node: { struct: { Node: 'text', Meta: 'map' } },
  Service: 'text',
  Port: 'number',
  Native: 'truth',
  Tags: 'texts',
  Meta: 'map',
  Addresses: { mapOf: { Address: 'text', Port: 'number' } },
  Checks: { listOf: { Status: 'text', CheckID: 'text' } },
};

const shown = {
  Node: { Node: 'foo', Meta: { os: 'linux' } },
  Service: 'redis-cache',
  Port: 6379,
  Tags: ['v1', 'eu-west'],
  Meta: { version: '2', 'a key': 'x y', empty: '' },
  Addresses: { lan: { Address: '10.0.0.1', Port: 80 } },
  Checks: [
    { Status: 'passing', CheckID: 'a' },
    { Status: 'critical', CheckID: 'b' },
  ],
};

const passes = (text: string, value: unknown = shown): boolean => compileFilter(text, fields)(value);

describe('a filter', () => {
  for (const text of [
    'Service == "redis-cache"',
    'Service == `redis-cache`',
    'Service != redis',
    'Service!=redis',
    'Port == 6379',
    'Native == false',
    'Native != true',
    'v1 in Tags',
    '"eu-west" in Tags',
    'Tags contains v1',
    'Tags not contains v2',
    'v2 not in Tags',
    'Tags is not empty',
    'Meta.version == 2',
    'Meta["a key"] == "x y"',
    'Meta.empty is empty',
    'version in Meta',
    'nope not in Meta',
    'Meta.nope != x',
    'Meta.nope is empty',
    'cache in Service',
    'Service contains cache',
    'Service matches "^redis-.*e$"',
    'Service not matches `^cache`',
    'Node.Node == foo',
    'Node.Meta.os == linux',
    'Addresses.lan.Port == 80',
    'Addresses.wan.Port != 80',
    'lan in Addresses',
    'Checks.Status == critical',
    'Checks.Status != critical',
    'Checks is not empty',
    'not Service == redis',
    'not (Service == redis or Port == 1)',
    'Service == x or Port == 6379 and v1 in Tags',
    '  ( Port == 6379 )  ',
    'Port == 1 and Port == 2 or Port == 6379',
    'Meta.version == 2 and (v1 in Tags and "eu-west" in Tags)',
    'not not Port == 6379',
  ])
    it(`lets through what ${text} says`, () => assert.equal(passes(text), true));

  for (const text of [
    'Service == redis',
    'Meta.nope == x',
    'Meta.nope is not empty',
    'Meta.nope matches x',
    'Native == true',
    'Tags is empty',
    'x in Service',
    'Checks.Status == warning',
    'Port == 1 or Port == 2',
    'Addresses.wan.Port == 80',
    'not Port == 6379',
    // "and" before "or", and "not" before both.
    'not Port == 1 and Port == 2',
  ])
    it(`stops what ${text} does not say`, () => assert.equal(passes(text), false));

  for (const text of [
    '',
    'Service',
    'Service ==',
    'Service = redis',
    'Service == a-b',
    'Address == 10.0.0.1',
    'Service == "redis',
    'Service == "\\q"',
    'Service == redis and',
    '(Service == redis',
    'Service == redis)',
    'Nope == 1',
    'Service.x == 1',
    'Meta.a.b == 1',
    'constructor == 1',
    'Port == x',
    'Native == 2',
    'Tags == v1',
    'Port is empty',
    'Tags matches x',
    'Service matches "("',
    'Service matches "(?=x)"',
    'Service matches "a**"',
    'Service matches "[z-a]"',
    'Service matches "\\\\1"',
    'Service matches "a{2000}"',
    'Service matches "(a{1000}){1000}"',
    `${'('.repeat(100)}Port == 1${')'.repeat(100)}`,
    `${'not '.repeat(100)}Port == 1`,
    `Port == 1${' or Port == 1'.repeat(300)}`,
  ])
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () =>
      assert.throws(() => compileFilter(text, fields), FilterError));

  it('takes what is left out as its zero value', () => {
    assert.equal(
      passes('Service is empty and Port == 0 and Native == false and Tags is empty and Meta is empty', {}),
      true,
    );
    assert.equal(passes('Node.Node is empty', {}), true);
    assert.equal(passes('Checks.Status == passing', {}), false);
  });

  it('throws only errors that say why, and never fails on instances', () => {
    const word = fc.constantFrom(
      'Port',
      'Meta',
      '.x',
      '==',
      '!=',
      'in',
      'not',
      'and',
      '(',
      ')',
      '"a"',
      '[',
      ']',
      'is',
      'empty',
      '1',
      ' ',
      'matches',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.constantFrom(' ', ''), (words, between) => {
        try {
          assert.equal(typeof passes(words.join(between)), 'boolean');
        } catch (error) {
          assert.ok(error instanceof FilterError, String(error));
        }
      }),
    );
  });
});
