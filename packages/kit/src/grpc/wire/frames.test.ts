import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectGarbage } from '@flotilla/conformance';
import fc from 'fast-check';
import { FrameReader, frameOf } from './frames.ts';

const never = (): never => assert.fail('nothing is compressed');

test('messages are found however their bytes are cut, and stay as they are while more comes', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sent, cuts) => {
      const bytes = Buffer.concat(sent.map((message) => frameOf(message)));
      const reader = new FrameReader(40, never);
      const read: Buffer[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const end = at + (cuts[turn % cuts.length] ?? 1);
        // Each chunk is of its own, as from a socket.
        read.push(...reader.push(Buffer.from(bytes.subarray(at, end))));
        at = end;
      }
      assert.deepEqual(
        read.map((message) => [...message]),
        sent.map((message) => [...message]),
      );
      assert.equal(reader.isInMessage, false);
    }),
  );
});

test('a message that arrives byte by byte takes about as much memory as it is long', () => {
  const length = 300_000;
  const reader = new FrameReader(length, never);
  const frame = frameOf(new Uint8Array(length));
  collectGarbage();
  const before = process.memoryUsage();
  for (let at = 0; at < length; at += 1) assert.equal(reader.push(frame.subarray(at, at + 1)).length, 0);
  collectGarbage();
  const after = process.memoryUsage();
  const taken = after.heapUsed + after.external - before.heapUsed - before.external;
  assert.ok(taken < 10 * length, `${taken} bytes`);
  assert.equal(reader.push(frame.subarray(length))[0]?.length, length);
});
