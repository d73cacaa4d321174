import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWrk } from './wrk.ts';

test('the number of requests and their duration are read', () => {
  const report = '  1 threads and 32 connections\n  41234 requests in 2.05s, 9.87MB read\nRequests/sec:  20114.15\n';
  assert.deepEqual(parseWrk(report), { requests: 41_234, seconds: 2.05, failed: 0 });
});

test('answers other than 2xx and broken exchanges count as failed', () => {
  const report = `  100 requests in 250.00ms, 1.00MB read
  Socket errors: connect 1, read 2, write 3, timeout 4
  Non-2xx or 3xx responses: 50`;
  assert.deepEqual(parseWrk(report), { requests: 100, seconds: 0.25, failed: 60 });
});

test('any other output is not a result', () => {
  assert.throws(() => parseWrk('unable to connect to 127.0.0.1:1 Connection refused'), /unable to connect/);
});
