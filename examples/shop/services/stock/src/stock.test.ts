import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { openDatabase } from '@flotilla/kit/database';
import { FakeClock } from '@flotilla/testing';
import { type Stock, stockOf } from './stock.ts';
import { stockDatabase } from './stock-database.ts';

const code = (wanted: string) => (error: unknown) => isAppError(error) && error.code === wanted;

async function openStock(t: TestContext): Promise<{ readonly stock: Stock; readonly clock: FakeClock }> {
  const clock = new FakeClock();
  const database = await openDatabase<unknown>({
    url: 'sqlite::memory:',
    migrations: stockDatabase.migrations,
    seed: stockDatabase.demoData,
  });
  t.after(() => database.close());
  return { stock: stockOf(database, clock, 1_000), clock };
}

test('each step may be repeated: it is done once, and says the same', async (t) => {
  const { stock } = await openStock(t);
  const id = randomUUID();
  const held = { id, item: 'apple', count: 3, state: 'held' };
  assert.deepEqual(await stock.reserve(id, 'apple', 3), { ...held, isNew: true });
  assert.deepEqual(await stock.reserve(id, 'apple', 3), { ...held, isNew: false });
  assert.equal(await stock.left('apple'), 97);
  for (const _ of [1, 2]) assert.deepEqual(await stock.confirm(id), { ...held, state: 'confirmed' });
  assert.equal(await stock.left('apple'), 97);
  for (const _ of [1, 2]) await stock.release(id);
  assert.equal(await stock.left('apple'), 100);
  await assert.rejects(stock.reserve(randomUUID(), 'plum', 1), code('ITEM_NOT_FOUND'));
});

test('an id stands for one thing', async (t) => {
  const { stock } = await openStock(t);
  const id = randomUUID();
  await stock.reserve(id, 'apple', 3);
  await assert.rejects(stock.reserve(id, 'apple', 4), code('UNPROCESSABLE'));
  await assert.rejects(stock.reserve(id, 'pear', 3), code('UNPROCESSABLE'));
});

test('what is released before it was reserved is never held: the request for it was still under way', async (t) => {
  const { stock } = await openStock(t);
  const id = randomUUID();
  await stock.release(id);
  await assert.rejects(stock.reserve(id, 'apple', 3), code('RESERVATION_OVER'));
  assert.equal(await stock.left('apple'), 100);
});

test('a reservation expires, and is held anew only if something is left', async (t) => {
  const { stock, clock } = await openStock(t);
  const [first, second] = [randomUUID(), randomUUID()];
  await stock.reserve(first, 'pear', 1);
  await assert.rejects(stock.reserve(second, 'pear', 1), code('OUT_OF_STOCK'));
  clock.advance(1_000);
  assert.equal(await stock.left('pear'), 1);
  await assert.rejects(stock.confirm(first), code('RESERVATION_OVER'));
  assert.equal((await stock.reserve(first, 'pear', 1)).state, 'held');
  clock.advance(1_000);
  await stock.reserve(second, 'pear', 1);
  await assert.rejects(stock.reserve(first, 'pear', 1), code('RESERVATION_OVER'));
  assert.equal((await stock.confirm(second)).state, 'confirmed');
  assert.equal(await stock.left('pear'), 0);
});

test('of many who want the last one, one gets it', async (t) => {
  const { stock } = await openStock(t);
  const wants = await Promise.allSettled(Array.from({ length: 20 }, () => stock.reserve(randomUUID(), 'pear', 1)));
  assert.equal(wants.filter(({ status }) => status === 'fulfilled').length, 1);
});
