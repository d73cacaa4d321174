import type { Clock } from '@flotilla/contracts';
import { type HttpApp, serviceCall } from '@flotilla/kit/http';
import { moneySchema, recordIdSchema } from '@flotilla/kit/resource';
import { readUserId } from '@flotilla/user-contract';
import { z } from 'zod';
import { orderTotal, type TotalOptions } from './order-total.ts';
import { type CheckoutServices, placeOrder } from './place-order.ts';

const body = z.strictObject({
  user_id: recordIdSchema,
  item: z.string().min(1).max(100),
  count: z.int().min(1).max(1_000),
  // Checked here, and passed on as it came.
  amount: z.union([z.number(), z.string()]).refine((amount) => moneySchema.safeParse(amount).success),
});

/** `POST /checkouts`, which needs an `Idempotency-Key`, and `GET /users/{id}/total`. */
export function addCheckoutRoutes(
  app: HttpApp,
  {
    services,
    total,
  }: { readonly services: CheckoutServices; readonly total: TotalOptions & { readonly clock: Clock } },
): void {
  app.post('/checkouts', { schema: { body } }, async (request, reply) => {
    const done = await placeOrder(request.body, serviceCall(request, reply), services);
    return reply.code(201).send(done);
  });
  app.get('/users/:id/total', { schema: { params: z.object({ id: z.string() }) } }, (request, reply) =>
    orderTotal(readUserId(request.params.id, '{id}'), serviceCall(request, reply), total),
  );
}
