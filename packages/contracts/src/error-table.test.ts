import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorRow, errorTable, locales } from './index.ts';

const rows = Object.entries(errorTable);

test('every code has a message in every language, a cause and an action', () => {
  for (const [code, row] of rows) {
    assert.match(code, /^[A-Z][A-Z0-9_]*$/);
    for (const locale of locales) assert.ok(row.message[locale].trim() !== '', `${code} has no message in ${locale}`);
    assert.ok(row.cause.endsWith('.') && row.action.length > 0, `${code} lacks a cause or an action`);
  }
});

test('a Chinese message is not the English one left untranslated', () => {
  for (const [code, row] of rows) assert.match(row.message['zh-CN'], /\p{Script=Han}/u, code);
});

test('both languages of a message take the same parameters', () => {
  const parameters = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([place]) => place).sort();
  for (const [code, row] of rows) {
    assert.deepEqual(parameters(row.message['zh-CN']), parameters(row.message.en), code);
  }
});

test('every status is an error, and what the caller has to change is not called retryable', () => {
  for (const [code, row] of rows) {
    assert.ok(Number.isInteger(row.status) && row.status >= 400 && row.status <= 599, code);
    // A 400, 413, 415 … is about the request itself: sending it again unchanged can't help.
    if ([400, 405, 406, 413, 414, 415, 417, 431, 501, 505].includes(row.status)) assert.ok(!row.retryable, code);
    if ([502, 503, 504].includes(row.status)) assert.ok(row.retryable, code);
  }
});

test("the tutorial's own words are kept", () => {
  const words = {
    USER_NOT_FOUND: '用户不存在',
    INVALID_USER_ID: '无效的用户 ID',
    ORDER_NOT_FOUND: '订单不存在',
    INVALID_ORDER_ID: '无效的订单 ID',
    SERVICE_NOT_FOUND: '服务不存在',
    INVALID_REQUEST: '无效的请求',
    USER_SERVICE_UNAVAILABLE: '用户服务不可用',
    ORDER_SERVICE_UNAVAILABLE: '订单服务不可用',
  } as const;
  for (const [code, text] of Object.entries(words)) {
    // Object.entries forgets that the keys are codes.
    assert.equal(errorRow(code as keyof typeof words).message['zh-CN'], text);
  }
});
