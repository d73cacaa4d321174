import { rule } from '@flotilla/contracts';
import { lineOfText, moneySchema, recordIdSchema, shownMoneySchema, wireShape } from '@flotilla/kit/resource';
import { z } from 'zod';

/** The longest name of an item, in UTF-16 code units. */
export const maxItemLength = 200;

/** An order as the service shows it. */
export interface Order {
  /** Assigned by the service, and never reused, even after the order is deleted. */
  readonly id: number;
  readonly user_id: number;
  readonly item: string;
  /** At most two decimals: 100, 99.5. */
  readonly amount: number;
  /** When it was cancelled, in UTC with milliseconds (RFC 3339); an open order has none. A cancelled order stays as it is. */
  readonly cancelled_at?: string | undefined;
}

/** Checks an {@link Order} that came over the wire. Unknown fields are ignored, so that a newer service is understood. */
export const orderSchema: z.ZodType<Order, Order> = z
  .object({
    id: recordIdSchema,
    user_id: recordIdSchema,
    item: z.string(),
    amount: shownMoneySchema,
    cancelled_at: z.iso.datetime({ offset: true }).optional(),
  })
  .meta({ id: 'Order' });

/** The body of `POST /orders`, as callers send it. */
export interface OrderToPlace {
  readonly user_id: number;
  readonly item: string;
  /** A number, or a decimal string such as `"99.50"`. */
  readonly amount: number | string;
}

/** The body of `POST /orders`, once parsed: on the wire it is `{user_id, item, amount}`. */
export interface NewOrder {
  readonly user_id: number;
  readonly item: string;
  readonly amount_cents: number;
}

/** Parses a {@link NewOrder}. Unknown fields are refused, so that a misspelt one is noticed. */
export const newOrderSchema: z.ZodType<NewOrder, OrderToPlace> = z
  .strictObject({ user_id: recordIdSchema, item: lineOfText(maxItemLength), amount: moneySchema })
  .transform(({ amount, ...rest }) => ({ ...rest, amount_cents: amount }))
  .meta({ id: 'NewOrder' });

/** The body of `PATCH /orders/{id}`, as callers send it. */
export interface OrderChangeToSend {
  readonly item?: string | undefined;
  readonly amount?: number | string | undefined;
}

/** The body of `PATCH /orders/{id}`, once parsed: at least one field. An order never moves to another user. */
export interface OrderChange {
  readonly item?: string | undefined;
  readonly amount_cents?: number | undefined;
}

/** Parses an {@link OrderChange}. */
export const orderChangeSchema: z.ZodType<OrderChange, OrderChangeToSend> = wireShape(
  z
    .strictObject({ item: lineOfText(maxItemLength).optional(), amount: moneySchema.optional() })
    .refine(
      (change) => change.item !== undefined || change.amount !== undefined,
      rule('NONE_GIVEN', { names: 'item, amount' }),
    )
    .transform(({ item, amount }) => ({ item, amount_cents: amount })),
  { minProperties: 1 },
).meta({ id: 'OrderChange' });
