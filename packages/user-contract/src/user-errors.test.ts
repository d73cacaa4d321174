import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userErrors } from './user-errors.ts';

test("the tutorial's own words stay the same", () => {
  assert.equal(userErrors.USER_NOT_FOUND.message['zh-CN'], '用户不存在');
  assert.equal(userErrors.INVALID_USER_ID.message['zh-CN'], '无效的用户 ID');
  assert.equal(userErrors.USER_SERVICE_UNAVAILABLE.message['zh-CN'], '用户服务不可用');
});
