import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplayBuffer } from './replay-buffer.ts';

test('a body that arrives byte by byte is kept whole, in few pieces', () => {
  const buffer = new ReplayBuffer();
  const body = Buffer.from(Array.from({ length: 65_536 }, (_, at) => at % 251));
  for (let at = 0; at < body.length; at += 1) {
    assert.equal(buffer.full, false);
    buffer.add(body.subarray(at, at + 1));
  }
  assert.equal(buffer.full, true);
  assert.deepEqual(Buffer.concat([...buffer.parts]), body);
  assert.ok(buffer.parts.length < 20, `${buffer.parts.length}`);
});

test('large and small parts keep their order', () => {
  const buffer = new ReplayBuffer();
  const parts = ['a', 'b'.repeat(2_000), 'c', 'd', 'e'.repeat(1_024), 'f', 'g'.repeat(1_000), 'h'.repeat(1_023)];
  for (let round = 0; round < 5; round += 1) for (const part of parts) buffer.add(Buffer.from(part));
  assert.equal(Buffer.concat([...buffer.parts]).toString(), parts.join('').repeat(5));
});

test('once a body is too long, nothing of it is kept', () => {
  const buffer = new ReplayBuffer();
  buffer.add(Buffer.alloc(65_536));
  buffer.written();
  assert.equal(buffer.complete, true);
  buffer.add(Buffer.alloc(1));
  buffer.written();
  assert.deepEqual([buffer.complete, buffer.parts.length], [false, 0]);
});
