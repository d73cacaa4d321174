// Generated from proto/flotilla/orders/v1/orders.proto by "npm run generate": do not edit. 98988477c71832bc 813a847569e99532
// What order-service promises callers who speak gRPC. Its HTTP API has the same orders, rules and errors.
//
// Errors have the status that each method names. `google.rpc.ErrorInfo` in their details has the code as its `reason` (domain
// `flotilla`), `google.rpc.BadRequest` names each field that is wrong, and `google.rpc.RetryInfo` says when to retry. Any
// method may fail with UNAVAILABLE while the service or its database is away: retry reads, and creations with a key.
//
// Metadata of a call, all of it optional:
// - `idempotency-key`: for methods that create. A repeated call with the same key gets the first answer.
// - `accept-language`: the language of messages, `en` or `zh-CN`.
// - `x-request-id` and `traceparent`: appear in the logs of every service that works on the call.
//
// Fields are only ever added to these messages. Ignore those that you do not know.

import type { GenFile, GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import { fileDesc, messageDesc, serviceDesc } from "@bufbuild/protobuf/codegenv2";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { file_google_protobuf_timestamp } from "@bufbuild/protobuf/wkt";
import type { Message } from "@bufbuild/protobuf";

export const file_flotilla_orders_v1_orders: GenFile = /*@__PURE__*/
  fileDesc("Ch9mbG90aWxsYS9vcmRlcnMvdjEvb3JkZXJzLnByb3RvEhJmbG90aWxsYS5vcmRlcnMudjEiegoFT3JkZXISCgoCaWQYASABKAMSDwoHdXNlcl9pZBgCIAEoAxIMCgRpdGVtGAMgASgJEhQKDGFtb3VudF9jZW50cxgEIAEoAxIwCgxjYW5jZWxsZWRfYXQYBSABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wIh0KD0dldE9yZGVyUmVxdWVzdBIKCgJpZBgBIAEoAyJcChFMaXN0T3JkZXJzUmVxdWVzdBIUCgd1c2VyX2lkGAEgASgDSACIAQESEQoJcGFnZV9zaXplGAIgASgFEhIKCnBhZ2VfdG9rZW4YAyABKAlCCgoIX3VzZXJfaWQiWAoSTGlzdE9yZGVyc1Jlc3BvbnNlEikKBm9yZGVycxgBIAMoCzIZLmZsb3RpbGxhLm9yZGVycy52MS5PcmRlchIXCg9uZXh0X3BhZ2VfdG9rZW4YAiABKAkiSQoSQ3JlYXRlT3JkZXJSZXF1ZXN0Eg8KB3VzZXJfaWQYASABKAMSDAoEaXRlbRgCIAEoCRIUCgxhbW91bnRfY2VudHMYAyABKAMijAEKElVwZGF0ZU9yZGVyUmVxdWVzdBIKCgJpZBgBIAEoAxIRCgRpdGVtGAIgASgJSACIAQESGQoMYW1vdW50X2NlbnRzGAMgASgDSAGIAQESFQoIaWZfbWF0Y2gYBCABKAlIAogBAUIHCgVfaXRlbUIPCg1fYW1vdW50X2NlbnRzQgsKCV9pZl9tYXRjaCJEChJDYW5jZWxPcmRlclJlcXVlc3QSCgoCaWQYASABKAMSFQoIaWZfbWF0Y2gYAiABKAlIAIgBAUILCglfaWZfbWF0Y2giRAoSRGVsZXRlT3JkZXJSZXF1ZXN0EgoKAmlkGAEgASgDEhUKCGlmX21hdGNoGAIgASgJSACIAQFCCwoJX2lmX21hdGNoIhUKE0RlbGV0ZU9yZGVyUmVzcG9uc2UynAQKDE9yZGVyU2VydmljZRJPCghHZXRPcmRlchIjLmZsb3RpbGxhLm9yZGVycy52MS5HZXRPcmRlclJlcXVlc3QaGS5mbG90aWxsYS5vcmRlcnMudjEuT3JkZXIiA5ACARJgCgpMaXN0T3JkZXJzEiUuZmxvdGlsbGEub3JkZXJzLnYxLkxpc3RPcmRlcnNSZXF1ZXN0GiYuZmxvdGlsbGEub3JkZXJzLnYxLkxpc3RPcmRlcnNSZXNwb25zZSIDkAIBElAKC0NyZWF0ZU9yZGVyEiYuZmxvdGlsbGEub3JkZXJzLnYxLkNyZWF0ZU9yZGVyUmVxdWVzdBoZLmZsb3RpbGxhLm9yZGVycy52MS5PcmRlchJQCgtVcGRhdGVPcmRlchImLmZsb3RpbGxhLm9yZGVycy52MS5VcGRhdGVPcmRlclJlcXVlc3QaGS5mbG90aWxsYS5vcmRlcnMudjEuT3JkZXISVQoLQ2FuY2VsT3JkZXISJi5mbG90aWxsYS5vcmRlcnMudjEuQ2FuY2VsT3JkZXJSZXF1ZXN0GhkuZmxvdGlsbGEub3JkZXJzLnYxLk9yZGVyIgOQAgISXgoLRGVsZXRlT3JkZXISJi5mbG90aWxsYS5vcmRlcnMudjEuRGVsZXRlT3JkZXJSZXF1ZXN0GicuZmxvdGlsbGEub3JkZXJzLnYxLkRlbGV0ZU9yZGVyUmVzcG9uc2ViBnByb3RvMw", [file_google_protobuf_timestamp]);

/**
 * An order.
 */
export type Order = Message<"flotilla.orders.v1.Order"> & {
  /**
   * From 1 to 9007199254740991 (2^53 - 1). Assigned by the service, and never reused, even after the order is deleted.
   */
  id: bigint;

  /**
   * Whose order it is.
   */
  userId: bigint;

  /**
   * What was ordered: at most 200 characters, as UTF-16 counts them.
   */
  item: string;

  /**
   * In cents: 9950 is 99.50. From 1 to 99999999999999.
   */
  amountCents: bigint;

  /**
   * When the order was cancelled, to the millisecond. Not set while it is open.
   */
  cancelledAt?: Timestamp | undefined;
};

export const OrderSchema: GenMessage<Order> = /*@__PURE__*/
  messageDesc(file_flotilla_orders_v1_orders, 0);

export type GetOrderRequest = Message<"flotilla.orders.v1.GetOrderRequest"> & {
  /**
   * Required.
   */
  id: bigint;
};

export const GetOrderRequestSchema: GenMessage<GetOrderRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_orders_v1_orders, 1);

export type ListOrdersRequest = Message<"flotilla.orders.v1.ListOrdersRequest"> & {
  /**
   * Only the orders of this user. If not set, all orders.
   */
  userId?: bigint | undefined;

  /**
   * The largest number of orders in the answer, at most 1000. 0 means 1000.
   */
  pageSize: number;

  /**
   * `next_page_token` of the answer before. Empty for the first page. The other fields stay the same.
   */
  pageToken: string;
};

export const ListOrdersRequestSchema: GenMessage<ListOrdersRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_orders_v1_orders, 2);

export type ListOrdersResponse = Message<"flotilla.orders.v1.ListOrdersResponse"> & {
  orders: Order[];

  /**
   * Where the next page begins. Empty on the last page.
   */
  nextPageToken: string;
};

export const ListOrdersResponseSchema: GenMessage<ListOrdersResponse> = /*@__PURE__*/
  messageDesc(file_flotilla_orders_v1_orders, 3);

export type CreateOrderRequest = Message<"flotilla.orders.v1.CreateOrderRequest"> & {
  /**
   * Required. A user of user-service.
   */
  userId: bigint;

  /**
   * Required. One line of text of 1 to 200 characters, as UTF-16 counts them. Spaces around it are removed.
   */
  item: string;

  /**
   * Required. In cents: 9950 is 99.50. From 1 to 99999999999999.
   */
  amountCents: bigint;
};

export const CreateOrderRequestSchema: GenMessage<CreateOrderRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_orders_v1_orders, 4);

export type UpdateOrderRequest = Message<"flotilla.orders.v1.UpdateOrderRequest"> & {
  /**
   * Required.
   */
  id: bigint;

  /**
   * As in `CreateOrderRequest`. Stays as it is if not set.
   */
  item?: string | undefined;

  /**
   * As in `CreateOrderRequest`. Stays as it is if not set.
   */
  amountCents?: bigint | undefined;

  /**
   * Change the order only if it still has this `etag`, with its double quotes; `*` for any. Several are separated by commas.
   * If not set, the order is changed whatever it is now.
   */
  ifMatch?: string | undefined;
};

export const UpdateOrderRequestSchema: GenMessage<UpdateOrderRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_orders_v1_orders, 5);

export type CancelOrderRequest = Message<"flotilla.orders.v1.CancelOrderRequest"> & {
  /**
   * Required.
   */
  id: bigint;

  /**
   * Cancel the order only if it still has this `etag`. As in `UpdateOrderRequest`.
   */
  ifMatch?: string | undefined;
};

export const CancelOrderRequestSchema: GenMessage<CancelOrderRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_orders_v1_orders, 6);

export type DeleteOrderRequest = Message<"flotilla.orders.v1.DeleteOrderRequest"> & {
  /**
   * Required.
   */
  id: bigint;

  /**
   * Delete the order only if it still has this `etag`. As in `UpdateOrderRequest`.
   */
  ifMatch?: string | undefined;
};

export const DeleteOrderRequestSchema: GenMessage<DeleteOrderRequest> = /*@__PURE__*/
  messageDesc(file_flotilla_orders_v1_orders, 7);

export type DeleteOrderResponse = Message<"flotilla.orders.v1.DeleteOrderResponse"> & {
};

export const DeleteOrderResponseSchema: GenMessage<DeleteOrderResponse> = /*@__PURE__*/
  messageDesc(file_flotilla_orders_v1_orders, 8);

/**
 * Reads and changes orders.
 */
export const OrderService: GenService<{
  /**
   * Returns one order. The metadata of the answer has its `etag`.
   *
   * NOT_FOUND `ORDER_NOT_FOUND`: there is no order with this id.
   * INVALID_ARGUMENT `INVALID_ORDER_ID`: the id is not valid.
   */
  getOrder: {
    methodKind: "unary";
    input: typeof GetOrderRequestSchema;
    output: typeof OrderSchema;
  },
  /**
   * Lists orders in the order of their ids, page by page: those of one user, or all.
   *
   * INVALID_ARGUMENT `INVALID_USER_ID`: the user's id is not valid. A user without orders is an empty list.
   * INVALID_ARGUMENT `INVALID_REQUEST`: the page size is out of range, or the page token is not from an earlier answer.
   */
  listOrders: {
    methodKind: "unary";
    input: typeof ListOrdersRequestSchema;
    output: typeof ListOrdersResponseSchema;
  },
  /**
   * Places an order and returns it with its id. The metadata of the answer has its `etag`.
   *
   * INVALID_ARGUMENT `INVALID_REQUEST`: a field is missing or not valid.
   * NOT_FOUND `USER_NOT_FOUND`: there is no such user.
   * UNAVAILABLE `USER_SERVICE_UNAVAILABLE`: nobody can say whether there is such a user. Retry.
   * INVALID_ARGUMENT `IDEMPOTENCY_KEY_REUSED`: the key was used for another request.
   * ABORTED `IDEMPOTENCY_IN_PROGRESS`: the first call with this key is still running. Retry.
   */
  createOrder: {
    methodKind: "unary";
    input: typeof CreateOrderRequestSchema;
    output: typeof OrderSchema;
  },
  /**
   * Changes the fields that are set, and returns the order. The metadata of the answer has its new `etag`.
   *
   * NOT_FOUND `ORDER_NOT_FOUND`: there is no order with this id.
   * INVALID_ARGUMENT `INVALID_ORDER_ID` or `INVALID_REQUEST`: a field is not valid, or none is set.
   * FAILED_PRECONDITION `ORDER_CANCELLED`: a cancelled order cannot be changed.
   * FAILED_PRECONDITION `PRECONDITION_FAILED`: the order has changed since `if_match` was read.
   */
  updateOrder: {
    methodKind: "unary";
    input: typeof UpdateOrderRequestSchema;
    output: typeof OrderSchema;
  },
  /**
   * Cancels an order and returns it. To cancel it again changes nothing. The metadata of the answer has its new `etag`.
   *
   * NOT_FOUND `ORDER_NOT_FOUND`: there is no order with this id.
   * INVALID_ARGUMENT `INVALID_ORDER_ID`: the id is not valid.
   * FAILED_PRECONDITION `PRECONDITION_FAILED`: the order has changed since `if_match` was read.
   */
  cancelOrder: {
    methodKind: "unary";
    input: typeof CancelOrderRequestSchema;
    output: typeof OrderSchema;
  },
  /**
   * Deletes an order.
   *
   * NOT_FOUND `ORDER_NOT_FOUND`: there is no order with this id.
   * INVALID_ARGUMENT `INVALID_ORDER_ID`: the id is not valid.
   * FAILED_PRECONDITION `PRECONDITION_FAILED`: the order has changed since `if_match` was read.
   */
  deleteOrder: {
    methodKind: "unary";
    input: typeof DeleteOrderRequestSchema;
    output: typeof DeleteOrderResponseSchema;
  },
}> = /*@__PURE__*/
  serviceDesc(file_flotilla_orders_v1_orders, 0);

