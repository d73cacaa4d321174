import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../fake-clock.ts';
import { waitUntil } from '../wait-until.ts';
import { fakeUpstream } from './fake-upstream.ts';

test('answers as configured and records the requests', async () => {
  await using stock = await fakeUpstream();
  stock.on('GET /stock/7', { body: { id: 7, left: 3 } });
  stock.on('POST /stock', { status: 201, headers: { location: '/stock/8' } });
  const read = await fetch(`${stock.url}/stock/7?fields=left&fields=id`, { headers: { 'x-request-id': 'r-1' } });
  assert.equal(read.headers.get('content-type'), 'application/json');
  assert.deepEqual(await read.json(), { id: 7, left: 3 });
  const made = await fetch(`${stock.url}/stock`, { method: 'POST', body: JSON.stringify({ left: 1 }) });
  assert.equal(made.status, 201);
  assert.equal(made.headers.get('location'), '/stock/8');
  assert.equal(await made.text(), '');
  const [first, second] = stock.requests;
  assert.equal(first?.path, '/stock/7');
  assert.deepEqual(first.query.getAll('fields'), ['left', 'id']);
  assert.equal(first.headers['x-request-id'], 'r-1');
  assert.equal(first.json, undefined);
  assert.deepEqual(second?.json, { left: 1 });
});

test('several answers are given in turn, and the last one is repeated', async () => {
  await using stock = await fakeUpstream();
  stock.on('GET /a', [{ status: 503 }, { body: 'ok' }]);
  const statuses: number[] = [];
  for (let call = 0; call < 3; call += 1) statuses.push((await fetch(`${stock.url}/a`)).status);
  assert.deepEqual(statuses, [503, 200, 200]);
  stock.on('GET /a', { status: 410 });
  assert.equal((await fetch(`${stock.url}/a`)).status, 410, 'a new answer takes the place of the old one');
});

test('a function computes answers, and an error that it throws reaches the caller as a 500 with the reason', async () => {
  await using stock = await fakeUpstream();
  stock.on('PUT /echo', (request, times) => ({ body: { got: request.json, times } }));
  stock.on('GET /broken', () => {
    throw new Error('a mistake in the test');
  });
  for (const times of [0, 1]) {
    const answer = await fetch(`${stock.url}/echo`, { method: 'PUT', body: '[1]' });
    assert.deepEqual(await answer.json(), { got: [1], times });
  }
  const broken = await fetch(`${stock.url}/broken`);
  assert.equal(broken.status, 500);
  assert.match(await broken.text(), /a mistake in the test/);
  stock.on('GET /late', { body: { left: 1n }, delayMs: 1 });
  const late = await fetch(`${stock.url}/late`);
  assert.match(await late.text(), /^fakeUpstream cannot answer: .*BigInt/);
});

test('the most specific path answers, and a request without an answer is told which paths have one', async () => {
  await using stock = await fakeUpstream();
  const nothing = await fetch(`${stock.url}/x`);
  assert.equal(nothing.status, 501);
  assert.match(await nothing.text(), /no answer for GET \/x\. It has no answers yet/);
  stock.on('GET /*', { body: 'any' });
  stock.on('GET /stock/*', { body: 'stock' });
  stock.on('GET /stock/1', { body: 'one' });
  const text = async (path: string): Promise<string> => (await fetch(stock.url + path)).text();
  assert.deepEqual(
    [await text('/y'), await text('/stock/2'), await text('/stock/1'), await text('/stock/1/x')],
    ['any', 'stock', 'one', 'stock'],
  );
  const other = await fetch(`${stock.url}/stock/1`, { method: 'DELETE' });
  assert.equal(other.status, 501);
  assert.match(await other.text(), /It has: GET \/\*, GET \/stock\/\*, GET \/stock\/1$/);
  assert.equal(stock.requests.at(-1)?.wasExpected, false);
  stock.forgetRequests();
  assert.deepEqual(stock.requests, []);
});

test('a late answer waits for the clock', async () => {
  const clock = new FakeClock();
  await using stock = await fakeUpstream({ clock });
  stock.on('GET /slow', { body: 'at last', delayMs: 5_000 });
  const answer = fetch(`${stock.url}/slow`);
  await waitUntil('the request has come', () => clock.pendingDelaysMs.length === 1);
  clock.advance(5_000);
  assert.equal(await (await answer).text(), 'at last');
});

test('an invalid request pattern is refused where it is defined', async () => {
  await using stock = await fakeUpstream();
  for (const text of ['/stock', 'get /stock', 'GET stock', 'GET /stock?x=1', ''])
    assert.throws(() => stock.on(text, {}), /is not a request\. Write a method and a path without query/);
  assert.throws(() => stock.on('GET /a', []), /at least one answer/);
});

test('closes while callers still wait', async () => {
  const stock = await fakeUpstream({ clock: new FakeClock() });
  stock.on('GET /never', { delayMs: 1 });
  const waiting = fetch(`${stock.url}/never`).then(
    () => 'answered',
    () => 'cut',
  );
  await waitUntil('the request has come', () => stock.requests.length === 1);
  await stock[Symbol.asyncDispose]();
  assert.equal(await waiting, 'cut');
});
