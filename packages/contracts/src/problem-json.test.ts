import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, problemHeaders, toProblem } from './index.ts';

test('a problem says what happened, and nothing about the cause', () => {
  const error = new AppError('INVALID_REQUEST', {
    cause: new Error('password=secret'),
    detail: 'The port is out of range.',
    fields: [{ field: '/port', code: 'TOO_LARGE', parameters: { max: 65_535 } }],
  });
  const problem = toProblem(error, { locale: 'zh-CN', instance: '/register', requestId: 'r-1', traceId: 't-1' });
  assert.deepEqual(problem, {
    type: 'urn:flotilla:error:INVALID_REQUEST',
    title: '无效的请求',
    status: 400,
    code: 'INVALID_REQUEST',
    detail: 'The port is out of range.',
    instance: '/register',
    requestId: 'r-1',
    traceId: 't-1',
    errors: [{ field: '/port', code: 'TOO_LARGE', message: '不能大于 65535' }],
  });
});

test('members without a value are left out', () => {
  const members = Object.keys(toProblem(new AppError('INTERNAL'), { locale: 'en' }));
  assert.deepEqual(members, ['type', 'title', 'status', 'code']);
});

test('Retry-After is in whole seconds, rounded up, never zero', () => {
  const after = (retryAfterMs: number): string | undefined =>
    problemHeaders(new AppError('OVERLOADED', { retryAfterMs }))['retry-after'];
  assert.deepEqual([0, 1, 1000, 1001].map(after), ['1', '1', '1', '2']);
});

test('the challenges of all schemes are in one WWW-Authenticate', () => {
  const error = new AppError('UNAUTHENTICATED', { challenges: ['Basic realm="a, b"', 'Bearer'] });
  assert.deepEqual(problemHeaders(error), { 'www-authenticate': 'Basic realm="a, b", Bearer' });
});

test('Allow lists the methods; an error without methods or a wait adds no header', () => {
  assert.deepEqual(
    problemHeaders(new AppError('METHOD_NOT_ALLOWED', { allow: ['GET', 'HEAD'], parameters: { methods: 'GET' } })),
    {
      allow: 'GET, HEAD',
    },
  );
  assert.deepEqual(problemHeaders(new AppError('INTERNAL')), {});
});
