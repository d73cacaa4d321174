import { AppError } from '@flotilla/contracts';
import { type HttpApp, requestContext, tagAnswer } from '@flotilla/kit/http';
import { nextLink, noQuerySchema, pageQueryShape, readPage } from '@flotilla/kit/resource';
import { newOrderSchema, orderPaths } from '@flotilla/order-contract';
import { type CallContext, readUserId, type UserClient } from '@flotilla/user-contract';
import { z } from 'zod';
import type { OrderStore } from '../store/order-store.ts';
import { showOrder } from './show-order.ts';

const listQuery = z.strictObject({ ...pageQueryShape, user_id: z.unknown().optional() });

/**
 * `GET /orders?user_id=1`: an array of that user's orders in the order of ids, empty if there are none; without
 * `user_id`, of everybody's. One answer holds at most 1000, or `?limit=`; when there are more, the `Link` header leads
 * to them. `POST /orders` adds one, after user-service has said that the user exists.
 */
export function addOrderList(app: HttpApp, store: OrderStore, users: Pick<UserClient, 'find'>): void {
  app.get(orderPaths.all, { schema: { querystring: listQuery }, onSend: tagAnswer }, async (request, reply) => {
    const { user_id, ...pageQuery } = request.query;
    const userId = user_id === undefined ? undefined : readUserId(user_id, '?user_id');
    const page = await readPage(pageQuery, (wanted) => store.list(wanted, userId));
    const kept = userId === undefined ? {} : { user_id: String(userId) };
    const link = nextLink(orderPaths.all, page, pageQuery, kept);
    if (link !== undefined) reply.header('link', link);
    return page.rows.map(showOrder);
  });

  app.post(
    orderPaths.all,
    { schema: { querystring: noQuerySchema, body: newOrderSchema }, onSend: tagAnswer },
    async (request, reply) => {
      await requireKnownUser(users, request.body.user_id, requestContext(request));
      const order = await store.add(request.body);
      return reply.code(201).header('location', orderPaths.one(order.id)).send(showOrder(order));
    },
  );
}

/** Rejects with USER_NOT_FOUND, or with USER_SERVICE_UNAVAILABLE if it can't be known: then nothing is written. */
async function requireKnownUser(users: Pick<UserClient, 'find'>, userId: number, context: CallContext): Promise<void> {
  if ((await users.find(userId, context)) !== undefined) return;
  throw new AppError('USER_NOT_FOUND', { fields: [{ field: '/user_id', code: 'NO_SUCH_USER' }] });
}
