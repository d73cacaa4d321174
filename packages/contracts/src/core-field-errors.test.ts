import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineFieldErrors, fieldMessage, fieldProblem, rule } from './index.ts';

test('a text is in the requested language, with its parameters filled in', () => {
  const tooLong = { code: 'TOO_LONG', parameters: { max: 5 } } as const;
  assert.equal(fieldMessage(tooLong, 'en'), 'must have at most 5 characters');
  assert.equal(fieldMessage(tooLong, 'zh-CN'), '最多 5 个字符');
});

test('a rule of a single service has its own code, and texts in both languages', () => {
  const cartFieldErrors = defineFieldErrors('cart-service', {
    NOT_IN_STOCK: { en: 'is not in stock until {month}', 'zh-CN': '{month}前缺货' },
  });
  const problem = fieldProblem('/item', cartFieldErrors.NOT_IN_STOCK, { month: 'May' });
  assert.deepEqual([problem.field, problem.code], ['/item', 'NOT_IN_STOCK']);
  assert.equal(fieldMessage(problem, 'zh-CN'), 'May前缺货');
  const { error, params } = rule(cartFieldErrors.NOT_IN_STOCK, { month: 'May' });
  assert.equal(error, 'is not in stock until May');
  assert.equal(params.rule.code, 'NOT_IN_STOCK');
});
