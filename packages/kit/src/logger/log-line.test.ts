import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLogLine } from './log-line.ts';

test('a level in capitals, as other languages write it, is the same level', () => {
  const line = readLogLine('{"level":"INFO","time":"2026-01-01T00:00:00Z","msg":"listening"}');
  assert.deepEqual({ ...line }, { level: 'info', time: '2026-01-01T00:00:00Z', msg: 'listening' });
});

test('JSON without level, time and message is no log line', () => {
  for (const line of ['{"level":"INFO","msg":"listening"}', '[1]', 'listening', '{'])
    assert.equal(readLogLine(line), undefined);
});
