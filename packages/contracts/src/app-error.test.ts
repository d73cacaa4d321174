import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, type CoreErrorCode, isAppError, kindOf } from './index.ts';

test('an error takes status and retryable from the table', () => {
  const error = new AppError('REGISTRY_UNAVAILABLE');
  assert.deepEqual([error.status, error.retryable], [503, true]);
});

test('placeholders in a message are replaced in both languages', () => {
  const error = new AppError('METHOD_NOT_ALLOWED', { parameters: { methods: 'GET' }, allow: ['GET'] });
  assert.equal(error.message, 'Only GET is supported');
  assert.equal(error.messageIn('zh-CN'), '只支持 GET 方法');
});

test('a missing parameter leaves its placeholder visible', () => {
  const error = new AppError(kindOf('SERVICE_UNAVAILABLE'));
  assert.equal(error.message, 'The service {service} is not available');
});

test('placeholders in the value of a parameter are not replaced', () => {
  const error = new AppError('SERVICE_UNAVAILABLE', { parameters: { service: '{service}$&' } });
  assert.equal(error.message, 'The service {service}$& is not available');
});

test('a placeholder named like a member of every object is not replaced by that member', () => {
  const error = new AppError(kindOf('SERVICE_UNAVAILABLE'), { parameters: { other: 1 } });
  assert.doesNotMatch(error.message, /native code/);
});

test('an unknown code throws where the error is created, and is named', () => {
  // What a program in plain JavaScript, or one built against another version, can do.
  for (const code of ['NOT_FUND', 'toString', '__proto__'] as const) {
    const unknown = code as unknown as CoreErrorCode;
    assert.throws(() => new AppError(kindOf(unknown)), new RegExp(`Unknown error code "${code}".*docs/errors\\.md`));
  }
  const field = { field: '/x', code: 'NOPE' as unknown as 'REQUIRED' };
  assert.throws(() => new AppError('INVALID_REQUEST', { fields: [field] }), /Unknown field error code "NOPE"/);
});

test('the cause is kept', () => {
  const cause = new Error('ECONNREFUSED');
  assert.equal(new AppError('STORAGE_UNAVAILABLE', { cause }).cause, cause);
  assert.ok(!('cause' in new AppError('STORAGE_UNAVAILABLE')));
});

test('an AppError from another copy of the package is recognised; lookalikes are not', () => {
  class OtherCopy extends Error {
    override readonly name = 'AppError';
    readonly code = 'INTERNAL';
    messageIn(): string {
      return this.message;
    }
  }
  assert.ok(isAppError(new AppError('INTERNAL')));
  assert.ok(isAppError(new OtherCopy()));
  for (const other of [new Error('AppError'), { name: 'AppError', code: 'INTERNAL' }, 'AppError', undefined, null]) {
    assert.ok(!isAppError(other));
  }
});
