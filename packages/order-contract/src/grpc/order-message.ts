import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { rule } from '@flotilla/contracts';
import { lineOfText, parseMoney } from '@flotilla/kit/resource';
import { z } from 'zod';
import { maxItemLength, type NewOrder, type Order, type OrderChange } from '../order.ts';

/** The largest amount in cents: 999999999999.99. */
const maxCents = 99_999_999_999_999;

/** A 64-bit number of a message as an id or amount of ours. What is too large for a number is refused, not rounded. */
const wholeNumber = (max: number): z.ZodType<number> =>
  z
    .bigint()
    .refine((value) => value >= 1n && value <= BigInt(max), rule('NOT_DIGITS', { min: 1, max }))
    .transform(Number);

const fields = { item: lineOfText(maxItemLength), amount_cents: wholeNumber(maxCents) };

/** Checks the fields of `CreateOrderRequest`. */
export const newOrderMessageSchema: z.ZodType<NewOrder> = z.object({
  user_id: wholeNumber(Number.MAX_SAFE_INTEGER),
  ...fields,
});

/** Checks the fields of `UpdateOrderRequest` that can be changed. */
export const orderChangeMessageSchema: z.ZodType<OrderChange> = z
  .object({ item: fields.item.optional(), amount_cents: fields.amount_cents.optional() })
  .refine(
    ({ item, amount_cents }) => item !== undefined || amount_cents !== undefined,
    rule('NONE_GIVEN', { names: 'item, amount_cents' }),
  );

/** The fields of a message `Order`. */
export interface OrderFields {
  readonly id: bigint;
  readonly userId: bigint;
  readonly item: string;
  readonly amountCents: bigint;
  readonly cancelledAt?: Timestamp;
}

/** An order as a message. */
export function toOrderMessage({ id, user_id, item, amount, cancelled_at }: Order): OrderFields {
  return {
    id: BigInt(id),
    userId: BigInt(user_id),
    item,
    // What was stored is an amount.
    amountCents: BigInt(parseMoney(amount) ?? 0),
    ...(cancelled_at === undefined ? {} : { cancelledAt: timestampFromMs(Date.parse(cancelled_at)) }),
  };
}
