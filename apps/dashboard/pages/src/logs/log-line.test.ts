import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logLine } from './log-line.ts';

const duration = (ms: number): string => `${ms} ms`;

test('the line of a request says what was asked and answered, by the names of either format', () => {
  const ours = {
    method: 'GET',
    path: '/users/7',
    status: 404,
    durationMs: 2.5,
    requestId: 'x',
    code: 'USER_NOT_FOUND',
  };
  const theirs = {
    'http.request.method': 'GET',
    'url.path': '/users/7',
    'http.response.status_code': 404,
    durationMs: 2.5,
    code: 'USER_NOT_FOUND',
  };
  for (const fields of [ours, theirs]) {
    const line = logLine({ message: 'request', fields }, duration);
    assert.equal(line.text, 'GET /users/7 404 2.5 ms');
    assert.deepEqual(line.preview, [{ path: 'code', text: 'USER_NOT_FOUND' }]);
  }
});

test('any other line keeps its message and fields', () => {
  const line = logLine({ message: 'cannot connect', fields: { path: '/x', worker: 1 } }, duration);
  assert.equal(line.text, 'cannot connect');
  assert.deepEqual(line.preview, [{ path: 'path', text: '/x' }]);
  assert.equal(logLine({ message: 'request', fields: {} }, duration).text, 'request');
});
