import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderErrors } from './order-errors.ts';

test("the tutorial's own words stay the same", () => {
  assert.equal(orderErrors.ORDER_NOT_FOUND.message['zh-CN'], '订单不存在');
  assert.equal(orderErrors.INVALID_ORDER_ID.message['zh-CN'], '无效的订单 ID');
  assert.equal(orderErrors.ORDER_SERVICE_UNAVAILABLE.message['zh-CN'], '订单服务不可用');
});
