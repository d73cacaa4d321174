// Every case through both protocols: HTTP and gRPC are two ways to the same functions.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serveGrpc } from '@flotilla/conformance/grpc';
import {
  assertSameOutcomes,
  type Fields,
  grpcSpeaker,
  httpSpeaker,
  type ProtocolCase,
  type Speaker,
} from '@flotilla/conformance/protocols';
import { AppError } from '@flotilla/contracts';
import { openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { parseMoney } from '@flotilla/kit/resource';
import { orderErrors } from '@flotilla/order-contract';
import { OrderService } from '@flotilla/order-contract/grpc';
import { FakeClock } from '@flotilla/testing';
import { serveApp } from '@flotilla/testing/http';
import { type UserClient, userErrors } from '@flotilla/user-contract';
import { orderMethods } from './grpc/order-methods.ts';
import { type Orders, orderService } from './orders.ts';
import { addOrderRoutes } from './routes/order-routes.ts';
import { type OrderFeed, orderDatabase } from './store/orders.ts';

/** order-service, spoken to in both ways. */
interface Spoken {
  readonly http: Speaker;
  readonly grpc: Speaker;
  close(): Promise<void>;
}

async function served(orders: Orders): Promise<Spoken> {
  const app = await serveApp((app) => addOrderRoutes(app, orders));
  const { server, port } = await serveGrpc([orderMethods(orders)]);
  const http = httpSpeaker({
    url: app.url,
    path: '/orders',
    errors: { ...orderErrors, ...userErrors },
    toFields: toCents,
    toBody: fromCents,
    renamed: { amount: 'amount_cents' },
  });
  const grpc = await grpcSpeaker({ port, service: OrderService });
  return {
    http,
    grpc,
    async close() {
      grpc.close();
      await Promise.all([app.close(), server.close()]);
    },
  };
}

function toCents({ amount, cancelled_at: at, ...record }: Readonly<Record<string, unknown>>): Fields {
  const times = at === undefined ? {} : { cancelled_at: Date.parse(String(at)) };
  return { ...(record as Fields), ...times, amount_cents: parseMoney(Number(amount)) ?? 0 }; // The rest is the same in both.
}

/** HTTP has amounts in units, and as text so that nothing is rounded here. */
function fromCents({ amount_cents: cents, ...others }: Fields): unknown {
  const fields = Object.fromEntries(
    Object.entries(others).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  );
  if (cents === undefined) return fields;
  const digits = String(cents).replace('-', '').padStart(3, '0');
  return { ...fields, amount: `${Number(cents) < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}` };
}

const users: Pick<UserClient, 'find'> = {
  async find(id) {
    if (id === 7) throw new AppError(userErrors.USER_SERVICE_UNAVAILABLE, { retryAfterMs: 1_000 });
    return id <= 2 ? { id, name: 'A', email: 'a@example.com' } : undefined;
  },
};

const events: OrderFeed = { add: async () => undefined, attribute: () => undefined };

/** A service with a database of its own, with the three example orders. */
async function freshOrders(): Promise<Orders & { close(): Promise<void> }> {
  const database = await openDatabase({ url: 'sqlite::memory:', ...orderDatabase, seed: orderDatabase.demoData });
  const keys = idempotencyKeys({ database });
  return {
    ...orderService({ database, keys, users, events, clock: new FakeClock() }),
    async close() {
      keys.close();
      await database.close();
    },
  };
}

const tea = { user_id: 2, item: 'Tea', amount_cents: 29 };
const nobody = Number.MAX_SAFE_INTEGER;

const refusedOrders = [
  ['no user', { item: 'Tea', amount_cents: 29 }],
  ['no item', { user_id: 2, amount_cents: 29 }],
  ['no amount', { user_id: 2, item: 'Tea' }],
  ['nothing', {}],
  ['an item that is too long', { ...tea, item: 'x'.repeat(201) }],
  ['a line break in the item', { ...tea, item: 'a\nb' }],
  ['an item of spaces', { ...tea, item: '  ' }],
] as const;

/** Where the protocols have different types, and so different words for what is wrong. */
const refusedNumbers = [
  ['a negative amount', { ...tea, amount_cents: -1n }, 'amount_cents'],
  ['an amount over the limit', { ...tea, amount_cents: 10n ** 14n }, 'amount_cents'],
  ['the largest number as its amount', { ...tea, amount_cents: 2n ** 63n - 1n }, 'amount_cents'],
  ['a negative user', { ...tea, user_id: -1n }, 'user_id'],
  ['a user beyond exact numbers', { ...tea, user_id: 2n ** 53n }, 'user_id'],
] as const;

const cases: readonly ProtocolCase[] = [
  {
    title: 'orders are found by their ids, with exact amounts',
    run: async (speak) => [await speak.get(1), await speak.get(2), await speak.get(3)],
    ends: ['record', 'record', 'record'],
  },
  {
    title: 'an order that is not there is not found, whatever is done',
    run: async (speak) => [
      await speak.get(nobody),
      await speak.change(nobody, { item: 'Tea' }),
      await speak.remove(nobody, { ifMatch: '*' }),
    ],
    ends: ['ORDER_NOT_FOUND', 'ORDER_NOT_FOUND', 'ORDER_NOT_FOUND'],
  },
  ...[-1n, 2n ** 53n, 2n ** 63n - 1n].map((id) => ({
    title: `${id} is no id`,
    run: async (speak: Speaker) => [
      await speak.get(id),
      await speak.change(id, { item: 'Tea' }),
      await speak.remove(id),
    ],
    ends: ['INVALID_ORDER_ID', 'INVALID_ORDER_ID', 'INVALID_ORDER_ID'],
  })),
  {
    title: 'an order is placed, read, changed and removed',
    run: async (speak) => [
      await speak.add({ ...tea, item: ' 商品 ' }),
      await speak.get(4),
      await speak.change(4, { amount_cents: 99_999_999_999_999 }),
      await speak.change(4, { item: 'Rice', amount_cents: 1 }),
      await speak.get(4),
      await speak.remove(4),
      await speak.get(4),
      await speak.add(tea),
    ],
    ends: ['record', 'record', 'record', 'record', 'record', 'removed', 'ORDER_NOT_FOUND', 'record'],
  },
  ...refusedOrders.map(([what, fields]) => ({
    title: `an order with ${what} is refused, and nothing is written`,
    run: async (speak: Speaker) => [await speak.add(fields), await speak.list({})],
    ends: ['INVALID_REQUEST', 'page'],
  })),
  {
    title: 'an order for nobody is refused, and so is one whose user cannot be checked',
    run: async (speak) => [
      await speak.add({ ...tea, user_id: 99 }),
      await speak.add({ ...tea, user_id: 7 }),
      await speak.add({ ...tea, user_id: 99 }, { idempotencyKey: 'k' }),
      await speak.add({ ...tea, user_id: 99 }, { idempotencyKey: 'k' }),
      await speak.list({}),
    ],
    ends: ['USER_NOT_FOUND', 'USER_SERVICE_UNAVAILABLE', 'USER_NOT_FOUND', 'USER_NOT_FOUND', 'page'],
  },
  {
    title: "one user's orders are a list of their own, page by page",
    run: async (speak) => {
      const first = await speak.list({ size: 1 }, { user_id: 1 });
      const token = first.kind === 'page' ? first.next : '';
      return [
        first,
        await speak.list({ size: 1, token }, { user_id: 1 }),
        await speak.list({}, { user_id: 2 }),
        await speak.list({}, { user_id: 9 }),
        await speak.list({}, { user_id: -1 }),
        await speak.list({}, { user_id: 2n ** 53n }),
      ];
    },
    ends: ['page', 'page', 'page', 'page', 'INVALID_USER_ID', 'INVALID_USER_ID'],
  },
  {
    title: 'of two who change what both have read, the second is refused',
    run: async (speak) => {
      const read = await speak.get(1);
      const ifMatch = read.kind === 'record' ? read.etag : '';
      return [
        read,
        await speak.change(1, { item: 'Tea' }, { ifMatch }),
        await speak.change(1, { amount_cents: 5 }, { ifMatch }),
        await speak.remove(1, { ifMatch }),
        await speak.remove(1, { ifMatch: 'unquoted' }),
        await speak.get(1),
      ];
    },
    ends: ['record', 'record', 'PRECONDITION_FAILED', 'PRECONDITION_FAILED', 'INVALID_REQUEST', 'record'],
  },
  {
    title: 'an order is cancelled once, and then stays as it is',
    run: async (speak) => {
      const read = await speak.get(1);
      const ifMatch = read.kind === 'record' ? read.etag : '';
      return [
        await speak.act('cancel', 1, { ifMatch: '"x"' }),
        await speak.act('cancel', 1, { ifMatch }),
        await speak.act('cancel', 1),
        await speak.get(1),
        await speak.change(1, { item: 'Tea' }),
        await speak.act('cancel', nobody),
        await speak.act('cancel', -1),
        await speak.list({}, { user_id: 1 }),
        await speak.remove(1),
      ];
    },
    ends: [
      'PRECONDITION_FAILED',
      'record',
      'record',
      'record',
      'ORDER_CANCELLED',
      'ORDER_NOT_FOUND',
      'INVALID_ORDER_ID',
      'page',
      'removed',
    ],
  },
  {
    title: 'a repeated order with a key gets the first answer',
    run: async (speak) => [
      await speak.add(tea, { idempotencyKey: 'k-1' }),
      await speak.add(tea, { idempotencyKey: 'k-1' }),
      await speak.add({ ...tea, amount_cents: 30 }, { idempotencyKey: 'k-1' }),
      await speak.list({}),
    ],
    ends: ['record', 'record', 'IDEMPOTENCY_KEY_REUSED', 'page'],
  },
];

describe('order-service, by HTTP and by gRPC', () => {
  for (const one of cases)
    it(one.title, async (t) => {
      const [byHttp, byGrpc] = [await freshOrders(), await freshOrders()];
      const [first, second] = [await served(byHttp), await served(byGrpc)];
      t.after(async () => {
        await Promise.all([first.close(), second.close()]);
        await Promise.all([byHttp.close(), byGrpc.close()]);
      });
      await assertSameOutcomes(one, [first.http, second.grpc]);
    });

  for (const [what, fields, field] of refusedNumbers)
    it(`an order with ${what} is refused by both, naming the field`, async (t) => {
      const orders = await freshOrders();
      const { http, grpc, close } = await served(orders);
      t.after(async () => {
        await close();
        await orders.close();
      });
      for (const speak of [http, grpc]) {
        const outcome = await speak.add(fields);
        assert.ok(outcome.kind === 'refused', speak.protocol);
        assert.equal(outcome.code, 'INVALID_REQUEST', speak.protocol);
        assert.deepEqual(
          outcome.fields.map((problem) => problem.split(' ')[0]),
          [field],
          speak.protocol,
        );
      }
    });

  it('what one protocol has said, the other understands: tags and idempotency keys', async (t) => {
    const orders = await freshOrders();
    const { http, grpc, close } = await served(orders);
    t.after(async () => {
      await close();
      await orders.close();
    });
    for (const [one, other] of [
      [http, grpc],
      [grpc, http],
    ] as const) {
      const read = await one.get(1);
      assert.ok(read.kind === 'record');
      assert.equal((await other.change(1, { item: one.protocol }, { ifMatch: read.etag })).kind, 'record');
      const added = await one.add(tea, { idempotencyKey: one.protocol });
      assert.ok(added.kind === 'record' && !added.replayed);
      assert.deepEqual(await other.add(tea, { idempotencyKey: one.protocol }), { ...added, replayed: true });
    }
  });
});
