import { type ApiFacts, defineApi, idParameter, type Operation, optionalIdParameter } from '@flotilla/kit/api';
import { type PageQuery, pageQueryShape } from '@flotilla/kit/resource';
import { userErrors } from '@flotilla/user-contract/errors';
import { z } from 'zod';
import {
  type NewOrder,
  newOrderSchema,
  type Order,
  type OrderChange,
  type OrderChangeToSend,
  type OrderToPlace,
  orderChangeSchema,
  orderSchema,
} from './order.ts';
import { orderErrors } from './order-errors.ts';
import { orderPaths } from './order-paths.ts';

/** Which order, in path or query. */
interface OrderId {
  readonly id: number;
}

/** Which page of which orders. */
interface OrderQuery extends PageQuery {
  /** Only the orders of this user. Default: all. */
  readonly user_id?: number | undefined;
}

/** The operations of order-service, as types. */
export interface OrderApi {
  readonly getOrderByQuery: Operation<{ query: OrderId; answer: Order }>;
  readonly listOrders: Operation<{ query: OrderQuery; answer: readonly Order[]; paged: true }>;
  readonly createOrder: Operation<{ body: NewOrder; sends: OrderToPlace; answer: Order }>;
  readonly getOrder: Operation<{ params: OrderId; answer: Order }>;
  readonly updateOrder: Operation<{ params: OrderId; body: OrderChange; sends: OrderChangeToSend; answer: Order }>;
  readonly cancelOrder: Operation<{ params: OrderId; answer: Order }>;
  readonly deleteOrder: Operation<{ params: OrderId }>;
}

const facts: ApiFacts = { tag: { en: 'Orders', 'zh-CN': '订单' }, errors: ['STORAGE_UNAVAILABLE'] };
const { INVALID_ORDER_ID, ORDER_NOT_FOUND, ORDER_CANCELLED } = orderErrors;
const { INVALID_USER_ID, USER_NOT_FOUND, USER_SERVICE_UNAVAILABLE } = userErrors;
const one = `${orderPaths.all}/{id}`;
const id = idParameter(INVALID_ORDER_ID);

/** The operations of order-service. */
export const orderApi: OrderApi = defineApi(facts, {
  getOrderByQuery: {
    method: 'GET',
    path: orderPaths.byQuery,
    summary: { en: 'Find an order by a query parameter', 'zh-CN': '按查询参数获取订单' },
    query: { id },
    answers: { 200: orderSchema },
    errors: [INVALID_ORDER_ID, ORDER_NOT_FOUND],
  },
  listOrders: {
    method: 'GET',
    path: orderPaths.all,
    summary: { en: 'List the orders of one user, or of all', 'zh-CN': '列出某个用户或全部用户的订单' },
    description: { en: 'In the order of their ids.', 'zh-CN': '按订单 ID 的顺序。' },
    query: { user_id: optionalIdParameter(INVALID_USER_ID), ...pageQueryShape },
    answers: { 200: z.array(orderSchema) },
    errors: [INVALID_USER_ID],
    paged: true,
  },
  createOrder: {
    method: 'POST',
    path: orderPaths.all,
    summary: { en: 'Place an order', 'zh-CN': '下订单' },
    body: newOrderSchema,
    answers: { 201: orderSchema },
    errors: [USER_NOT_FOUND, USER_SERVICE_UNAVAILABLE],
    idempotent: true,
    location: (order: Order) => orderPaths.one(order.id),
  },
  getOrder: {
    method: 'GET',
    path: one,
    summary: { en: 'Find an order', 'zh-CN': '获取订单' },
    params: { id },
    answers: { 200: orderSchema },
    errors: [INVALID_ORDER_ID, ORDER_NOT_FOUND],
  },
  updateOrder: {
    method: 'PATCH',
    path: one,
    summary: { en: 'Change an order', 'zh-CN': '修改订单' },
    description: {
      en: 'Fields that are left out stay as they are. An order never moves to another user.',
      'zh-CN': '未给出的字段保持不变。订单不能转给其他用户。',
    },
    params: { id },
    body: orderChangeSchema,
    answers: { 200: orderSchema },
    errors: [INVALID_ORDER_ID, ORDER_NOT_FOUND, ORDER_CANCELLED],
    conditional: true,
  },
  cancelOrder: {
    method: 'POST',
    path: `${one}/cancel`,
    summary: { en: 'Cancel an order', 'zh-CN': '取消订单' },
    description: {
      en: 'A cancelled order stays as it is; to cancel it again changes nothing.',
      'zh-CN': '已取消的订单不再改变；重复取消不会有任何影响。',
    },
    params: { id },
    answers: { 200: orderSchema },
    errors: [INVALID_ORDER_ID, ORDER_NOT_FOUND],
    conditional: true,
  },
  deleteOrder: {
    method: 'DELETE',
    path: one,
    summary: { en: 'Delete an order', 'zh-CN': '删除订单' },
    params: { id },
    answers: { 204: null },
    errors: [INVALID_ORDER_ID, ORDER_NOT_FOUND],
    conditional: true,
  },
});
