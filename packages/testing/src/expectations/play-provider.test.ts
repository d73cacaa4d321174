import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineExpectations } from './expectations.ts';
import { playProvider } from './play-provider.ts';

const expected = defineExpectations({
  consumer: 'cart',
  provider: 'stock',
  expectations: [
    {
      name: 'an item',
      values: { item: 'apple', left: 3 },
      request: { path: '/stock/{item}?b=2&a=1', headers: { 'X-Shop': 's' } },
      answer: { status: 200, headers: { etag: '*' }, body: { item: '{item}', left: '{left}' } },
    },
    {
      name: 'an item that is not there',
      request: { path: '/stock/apple?a=1&b=2' },
      answer: { status: 404, error: 'NO_STOCK' },
    },
    {
      name: 'a reservation',
      request: { method: 'POST', path: '/reservations', body: { item: 'apple', count: 1 } },
      answer: { status: 201, body: { id: 7 } },
    },
    { name: 'a release', request: { method: 'DELETE', path: '/reservations/7' }, answer: { status: 204 } },
  ],
});

test('answers as expected, with values filled in, whatever the order of the query', async () => {
  await using stock = await playProvider(expected);
  stock.play('an item');
  const answer = await fetch(`${stock.url}/stock/apple?a=1&b=2`, { headers: { 'x-shop': 's' } });
  assert.deepEqual([answer.status, await answer.json()], [200, { item: 'apple', left: 3 }]);
  assert.ok(answer.headers.has('etag'));
  stock.play('an item that is not there');
  const missing = await fetch(`${stock.url}/stock/apple?b=2&a=1`, { headers: { 'x-shop': 's' } });
  assert.equal(missing.headers.get('content-type'), 'application/problem+json');
  const { status, code } = (await missing.json()) as { readonly status: number; readonly code: string };
  assert.deepEqual([missing.status, status, code], [404, 404, 'NO_STOCK']);
});

test('a body must be the expected one, and a request that fits nothing is told what there is', async () => {
  await using stock = await playProvider(expected);
  const reserve = (body: string): Promise<Response> => fetch(`${stock.url}/reservations`, { method: 'POST', body });
  assert.equal((await reserve('{"count":1,"item":"apple"}')).status, 201);
  for (const body of ['{"count":2,"item":"apple"}', '{"count":1,"item":"apple","note":""}', '']) {
    const refused = await reserve(body);
    assert.equal(refused.status, 501);
    assert.match(
      await refused.text(),
      /^cart expects nothing of stock for POST \/reservations.* It expects: "an item", /,
    );
  }
  assert.equal((await fetch(`${stock.url}/stock/apple`)).status, 501);
});

test('which answer is meant must be said if there are several', async () => {
  await using stock = await playProvider(expected);
  const answer = await fetch(`${stock.url}/stock/apple?a=1&b=2`, { headers: { 'x-shop': 's' } });
  assert.match(
    await answer.text(),
    /Several expectations fit .*: "an item", "an item that is not there"\. Choose one with play/,
  );
  assert.throws(() => stock.play('a pear'), /No expectation is named "a pear"\. There are: "an item", /);
});

test('an expectation that nobody asks for is noticed', async () => {
  await using stock = await playProvider(expected);
  await fetch(`${stock.url}/reservations/7`, { method: 'DELETE' });
  assert.throws(
    () => stock.assertAllAsked(),
    /cart never asked for what it expects of stock: "an item", "an item that is not there", "a reservation"\./,
  );
});
