import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { openDatabase } from '@flotilla/kit/database';
import { createEventFeed } from '@flotilla/kit/events';
import { silentLogger } from '@flotilla/kit/logger';
import { orderEvents } from '@flotilla/order-contract';
import { FakeClock } from '@flotilla/testing';
import { orderDatabase, orderStore } from '../store/orders.ts';
import { type Cancelling, cancelOrder } from './cancel-order.ts';
import { changeOrder } from './change-order.ts';

const failsWith = (code: string) => (error: unknown) => isAppError(error) && error.code === code;

interface Opened extends Cancelling {
  readonly clock: FakeClock;
  /** The types of the events that were told. */
  told(): Promise<readonly string[]>;
}

async function open(t: TestContext): Promise<Opened> {
  const clock = new FakeClock();
  const database = await openDatabase({ url: 'sqlite::memory:', ...orderDatabase, seed: orderDatabase.demoData });
  const events = createEventFeed({ database, kinds: orderEvents, clock, logger: silentLogger() });
  t.after(() => database.close());
  return {
    ...{ database, clock, orders: orderStore(database, events) },
    async told() {
      const page = await events.read({ after: 0 });
      return page.kind === 'events' ? page.events.map(({ type, subject }) => `${type} ${subject}`) : [];
    },
  };
}

test('a cancelled order says when, stays as it is, and can be deleted', async (t) => {
  const opened = await open(t);
  const cancelled = await cancelOrder(opened, 1);
  const expected = { id: 1, user_id: 1, item: '商品A', amount: 100, cancelled_at: '2026-01-01T00:00:00.000Z' };
  assert.deepEqual(cancelled, expected);
  opened.clock.advance(1_000);
  assert.deepEqual(await cancelOrder(opened, 1), expected, 'to cancel again changes nothing');
  await assert.rejects(changeOrder(opened, 1, { item: 'Tea' }), failsWith('ORDER_CANCELLED'));
  assert.deepEqual(await opened.orders.get(1), expected);
  await changeOrder(opened, 2, { item: 'Tea' });
  await opened.orders.remove(1);
  assert.deepEqual(await opened.told(), [
    'order.cancelled orders/1',
    'order.changed orders/2',
    'order.deleted orders/1',
  ]);
});

test('an order that is not there, or has changed since it was read, is not cancelled', async (t) => {
  const opened = await open(t);
  await assert.rejects(cancelOrder(opened, 99), failsWith('ORDER_NOT_FOUND'));
  await assert.rejects(changeOrder(opened, 99, { item: 'Tea' }), failsWith('ORDER_NOT_FOUND'));
  const old = { match: [{ weak: false, opaque: '"old"' }], noneMatch: [] };
  await assert.rejects(cancelOrder(opened, 1, old), failsWith('PRECONDITION_FAILED'));
  assert.equal((await opened.orders.get(1)).cancelled_at, undefined);
  assert.deepEqual(await opened.told(), []);
});
