import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FakeAnswer, fakeUpstream } from '../upstream/fake-upstream.ts';
import { defineExpectations, type Expectations, type ExpectedAnswer } from './expectations.ts';
import { verifyExpectations } from './verify-expectations.ts';

const asking = (answer: ExpectedAnswer, more: object = {}): Expectations =>
  defineExpectations({
    consumer: 'cart',
    provider: 'stock',
    expectations: [{ name: 'an item', request: { path: '/stock/apple' }, answer, ...more }],
  });
const item = {
  status: 200,
  body: { name: 'apple', left: 3, tags: [{ id: 1 }], box: { size: 'L' }, soon: false },
} as const;
const problem = (code: string, status = 404): FakeAnswer => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({ code }),
});

async function told(expected: Expectations, answer: FakeAnswer): Promise<readonly string[]> {
  await using stock = await fakeUpstream();
  stock.on('GET /stock/apple', answer);
  try {
    await verifyExpectations(expected, { url: stock.url });
    return [];
  } catch (error) {
    assert.ok(error instanceof Error);
    const [first, ...lines] = error.message.split('\n  ');
    assert.equal(first, 'stock does not answer as its consumers expect:');
    return lines;
  }
}

const begin = 'cart relies on "an item" (GET /stock/apple): ';
const { body } = item;

for (const [what, answer] of [
  ['the example itself', item],
  [
    'other values of the same types',
    { body: { ...body, name: 'pear', left: 0.5, tags: [{ id: 2 }, { id: 3 }], soon: true } },
  ],
  ['more fields', { body: { ...body, price: 1, tags: [{ id: 1, name: 'x' }], box: { size: 'L', weight: 2 } } }],
] as const) {
  test(`${what} is what the consumer relies on`, async () => assert.deepEqual(await told(asking(item), answer), []));
}

for (const [what, answer, line] of [
  [
    'a renamed field',
    { body: { ...body, left: undefined, remaining: 3 } },
    '/left is missing; there are name, tags, box, soon, remaining',
  ],
  ['another type', { body: { ...body, left: '3' } }, '/left is a text ("3") instead of a number (3)'],
  ['null for a value', { body: { ...body, name: null } }, '/name is null instead of a text ("apple")'],
  ['an object for a list', { body: { ...body, tags: {} } }, '/tags is an object instead of a list'],
  ['a list for an object', { body: { ...body, box: [] } }, '/box is a list instead of an object'],
  ['a renamed field further down', { body: { ...body, box: { s: 1 } } }, '/box/size is missing; there are s'],
  [
    'a wrong element',
    { body: { ...body, tags: [{ id: 1 }, { id: 'b' }] } },
    '/tags/1/id is a text ("b") instead of a number (1)',
  ],
  ['an empty list', { body: { ...body, tags: [] } }, '/tags is an empty list, which says nothing about its elements'],
  ['another status', { status: 202, body }, 'the status is 202 instead of 200'],
  ['an error', problem('GONE', 410), 'the status is 410 instead of 200 (GONE)'],
  ['no JSON', { body: 'apple' }, 'the body is a text ("apple") instead of an object'],
] as const) {
  test(`${what} is one line that names the consumer`, async () =>
    assert.deepEqual(await told(asking(item), answer), [begin + line]));
}

test('an error is its code, its status and its type', async () => {
  const expected = asking({ status: 404, error: 'NO_ITEM' });
  assert.deepEqual(await told(expected, problem('NO_ITEM')), []);
  assert.deepEqual(await told(expected, problem('UNKNOWN')), [
    `${begin}the error code is "UNKNOWN" instead of NO_ITEM`,
  ]);
  assert.deepEqual(await told(expected, { status: 404, body: '404 page not found' }), [
    `${begin}the error code is missing instead of NO_ITEM`,
    `${begin}the error comes as text/plain; charset=utf-8 instead of application/problem+json`,
  ]);
});

test('more can be said of single values: exactly this, of this form, or perhaps not there', async () => {
  const expected = asking({
    status: 200,
    headers: { etag: '*', 'x-kind': 'fruit' },
    body: { name: 'apple', at: '2026-01-01T00:00:00Z', lots: [{ id: 1, until: 'x' }], none: null },
    exactly: ['/name'],
    matching: { '/at': '^\\d{4}-.*Z$' },
    optional: ['/lots/0/until'],
  });
  const headers = { etag: '"1"', 'x-kind': 'fruit' };
  const good = { name: 'apple', at: '2027-02-02T00:00:00Z', lots: [{ id: 1 }, { id: 2, until: null }], none: null };
  assert.deepEqual(await told(expected, { headers, body: good }), []);
  assert.deepEqual(
    await told(expected, {
      headers: { 'x-kind': 'tool' },
      body: { name: 'pear', at: 'today', lots: [{ id: 1, until: 5 }], none: 0 },
    }),
    [
      'the field etag of the head is missing',
      'x-kind is "tool" instead of "fruit"',
      '/name is "pear" instead of "apple"',
      '/at is "today", which does not match ^\\d{4}-.*Z$',
      '/lots/0/until is a number (5) instead of a text ("x")',
      '/none is a number (0) instead of null',
    ].map((line) => begin + line),
  );
});

test('the provider is brought into the state first, tells its own values, and is tidied up', async () => {
  await using stock = await fakeUpstream();
  stock.on('POST /stock/17', (request) => ({ status: 201, body: { id: 17, note: request.json } }));
  const steps: unknown[] = [];
  const expected = defineExpectations({
    consumer: 'cart',
    provider: 'stock',
    expectations: [
      {
        name: 'a note',
        given: 'there is an item',
        values: { id: 1, text: 'hi' },
        request: {
          method: 'POST',
          path: '/stock/{id}',
          headers: { 'x-id': '{id}' },
          body: { text: '{text}', id: '{id}' },
        },
        answer: { status: 201, body: { id: '{id}', note: { text: 'hi' } }, exactly: ['/id', '/note/text'] },
      },
    ],
  });
  await verifyExpectations(expected, {
    url: `${stock.url}/`,
    headers: { authorization: 'Bearer x' },
    states: {
      'there is an item': (values) => {
        steps.push(values);
        return { values: { id: 17 }, undo: () => steps.push('undone') };
      },
    },
  });
  assert.deepEqual(steps, [{ id: 1, text: 'hi' }, 'undone']);
  const [request] = stock.requests;
  assert.deepEqual(request?.json, { text: 'hi', id: 17 });
  assert.deepEqual([request.headers['x-id'], request.headers['authorization']], ['17', 'Bearer x']);
});

test('a state that is unknown or fails, and a provider that is away or silent, are lines as well', async () => {
  await using stock = await fakeUpstream();
  stock.on('GET /stock/apple', { delayMs: 60_000 });
  const lines = async (given: string | undefined, url = stock.url): Promise<string> => {
    const states = {
      full: () => {
        throw new Error('no room');
      },
      fine: () => {},
      stuck: () => ({ undo: () => Promise.reject(new Error('still locked')) }),
    };
    const expected = asking(item, given === undefined ? {} : { given });
    return verifyExpectations(expected, { url, states, timeoutMs: 50 }).then(
      () => '',
      (error: unknown) => String(error),
    );
  };
  assert.match(
    await lines('empty'),
    /cart relies on .*: the provider's test has no state "empty"\. It has: full, fine, stuck$/,
  );
  assert.match(await lines('full'), /cart relies on .*: the state "full" cannot be set: no room$/);
  assert.match(
    await lines('stuck'),
    /cart relies on .*: there is no answer: .*\n.*cart relies on .*: the state "stuck" cannot be undone: still locked$/,
  );
  assert.match(await lines('fine'), /cart relies on .*: there is no answer: .*timeout/);
  assert.match(await lines(undefined, 'http://127.0.0.1:1'), /cart relies on .*: there is no answer: fetch failed \(/);
});

test('all consumers are verified, and nothing to verify is a mistake', async () => {
  await using stock = await fakeUpstream();
  const other = { ...asking(item), consumer: 'kiosk' };
  await assert.rejects(verifyExpectations([asking(item), other], { url: stock.url }), /\n {2}cart .*\n {2}kiosk /);
  await assert.rejects(verifyExpectations([], { url: stock.url }), /There are no expectations/);
});
