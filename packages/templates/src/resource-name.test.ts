import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillIn } from './fill-in.ts';
import { readResourceName } from './resource-name.ts';

function problem(text: string): string {
  const reading = readResourceName(text);
  assert.equal(reading.ok, false, text);
  return reading.ok ? '' : reading.problem;
}

test('a name is available in every form that code needs', () => {
  const reading = readResourceName('order-line');
  assert.ok(reading.ok);
  assert.deepEqual(reading.name, {
    kebab: 'order-line',
    kebabs: 'order-lines',
    camel: 'orderLine',
    camels: 'orderLines',
    pascal: 'OrderLine',
    pascals: 'OrderLines',
    upper: 'ORDER_LINE',
    snakes: 'order_lines',
    words: 'order line',
    wordsPlural: 'order lines',
  });
});

test('plurals follow the usual rules', () => {
  for (const [one, many] of [
    ['book', 'books'],
    ['box', 'boxes'],
    ['city', 'cities'],
    ['day', 'days'],
    ['branch', 'branches'],
    ['stock-item', 'stock-items'],
  ] as const) {
    const reading = readResourceName(one);
    assert.equal(reading.ok && reading.name.kebabs, many);
  }
});

test('a service is named after its resource, with or without "-service"', () => {
  assert.deepEqual(readResourceName('book-service'), readResourceName(' book '));
});

test('an invalid name is refused with a valid one', () => {
  assert.match(problem('OrderLine'), /letters from a to z.*Try "order-line"\./);
  assert.match(problem('my service!'), /Try "my-service"|Try "my"/);
  assert.match(problem('Bücher'), /Try "bucher"/);
  assert.match(problem('2fast'), /begin with a letter.*Try "fast"/);
  assert.match(problem(''), /it is empty\.$/);
  assert.match(problem('-service'), /it is empty\.$/);
  assert.match(problem('订单'), /begin with a letter from a to z\.$/);
  assert.match(problem('x'.repeat(41)), /longer than 40 characters/);
  assert.match(problem('a--b'), /Try "a-b"/);
  assert.match(problem('class'), /reserved word/);
  assert.match(problem('new'), /reserved word/);
  assert.match(problem('gateway'), /a program of the platform/);
});

test('a path is not a name, and control characters do not reach the terminal', () => {
  assert.match(problem('../../etc/passwd'), /Try "etc-passwd"/);
  assert.match(problem('a\u001b[2Jb\u0000'), /^"a\?\[2Jb\?" cannot be a name/);
});

test("every form of the templates' placeholder name is replaced", () => {
  const reading = readResourceName('city');
  assert.ok(reading.ok);
  const text =
    'tiny-gadget tiny-gadgets tinyGadget tinyGadgets TinyGadget TinyGadgets TINY_GADGET tiny_gadgets tiny gadgets Tiny gadget';
  assert.equal(fillIn(text, reading.name), 'city cities city cities City Cities CITY cities cities City');
});
