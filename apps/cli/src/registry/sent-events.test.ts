import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsIn } from './sent-events.ts';

async function read(...chunks: readonly (string | Buffer)[]): Promise<string[]> {
  const found: string[] = [];
  const stream = (async function* () {
    for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
  })();
  for await (const { type, revision, value } of eventsIn(stream))
    found.push(`${type} ${String(revision)} ${JSON.stringify(value)}`);
  return found;
}

test('events are read however they are cut, and comments are passed over', async () => {
  const text =
    ': hello\n\nevent: put\nid: 7\ndata: {"type":"put","key":"商品"}\n\nevent: reset\ndata: {"type":"reset"}\n\n';
  const expected = ['put 7 {"type":"put","key":"商品"}', 'reset undefined {"type":"reset"}'];
  assert.deepEqual(await read(text), expected);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 1)
    assert.deepEqual(await read(bytes.subarray(0, at), bytes.subarray(at)), expected);
});

test('what has no type is passed over; what is not JSON ends the stream', async () => {
  assert.deepEqual(await read('data: 7\n\ndata: {"no":"type"}\n\n'), []);
  await assert.rejects(read('data: {\n\n'), SyntaxError);
});
