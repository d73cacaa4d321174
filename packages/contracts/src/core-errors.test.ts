import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coreErrors, isAppError, isErrorKind, kindOf } from './index.ts';

test("the tutorial's own words are kept", () => {
  assert.equal(coreErrors.SERVICE_NOT_FOUND.message['zh-CN'], '服务不存在');
  assert.equal(coreErrors.INVALID_REQUEST.message['zh-CN'], '无效的请求');
});

test('a core code is looked up; an error of a contract is used as it is', () => {
  assert.equal(kindOf('NOT_FOUND'), coreErrors.NOT_FOUND);
  assert.equal(kindOf(coreErrors.GONE), coreErrors.GONE);
});

test('lookalikes are not errors', () => {
  assert.ok(isErrorKind(coreErrors.GONE));
  for (const other of [undefined, null, 'GONE', {}, { code: 'GONE', status: 410 }, new Error('GONE')]) {
    assert.ok(!isErrorKind(other));
    assert.ok(!isAppError(other));
  }
});
