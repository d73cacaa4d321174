import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type SseEvent, SseParser } from './sse-parser.ts';

function parse(chunks: readonly Buffer[], maxEventBytes = 1_000): SseEvent[] {
  const events: SseEvent[] = [];
  const parser = new SseParser((event) => events.push(event), maxEventBytes);
  for (const chunk of chunks) parser.push(chunk);
  return events;
}

const lines = [
  ': a comment',
  'retry: 1000',
  'event: put',
  'id: 7',
  'data: {"item":"商品A"}',
  'data:second line',
  '',
  'data',
  '',
  'event: lost, as it has no data',
  '',
  'unknown: field',
  'data: last',
  '',
  'data: never ended',
];
const expected: SseEvent[] = [
  { type: 'put', id: '7', data: '{"item":"商品A"}\nsecond line' },
  { type: 'message', id: '7', data: '' },
  { type: 'message', id: '7', data: 'last' },
];

for (const [name, end] of Object.entries({ LF: '\n', CRLF: '\r\n', CR: '\r' })) {
  test(`reads lines that end with ${name}, split at every byte`, () => {
    const whole = Buffer.from(lines.join(end));
    assert.deepEqual(parse([whole]), expected);
    assert.deepEqual(parse([...whole].map((byte) => Buffer.from([byte]))), expected);
    for (let at = 0; at <= whole.length; at += 1)
      assert.deepEqual(parse([whole.subarray(0, at), whole.subarray(at)]), expected, `split at ${at}`);
  });
}

test('any mixture of line endings and splits gives the same events', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('\n', '\r\n', '\r'), { minLength: lines.length, maxLength: lines.length }),
      fc.array(fc.nat(300), { maxLength: 10 }),
      (ends, cuts) => {
        // CR followed by an empty line that ends with LF would read as one CRLF: two ends, one line.
        const text = lines
          .map((line, index) => line + (ends[index] === '\n' && line === '' ? '\r\n' : ends[index]))
          .join('');
        const whole = Buffer.from(text);
        const at = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
        assert.deepEqual(parse(chunks), expected);
      },
    ),
  );
});

test('skips a byte order mark at the start', () => {
  assert.deepEqual(parse([Buffer.from('\ufeffdata: x\n\n')]), [{ type: 'message', id: '', data: 'x' }]);
});

test('refuses an event beyond its limit, in one line or in many', () => {
  assert.throws(() => parse([Buffer.from(`data: ${'x'.repeat(200)}`)], 100), /larger than 100 bytes/);
  assert.throws(() => parse([Buffer.from('data: x\n'.repeat(50))], 100), /larger than 100 bytes/);
  // The limit is one event's, not the stream's, and comments between events don't add up.
  assert.equal(parse([Buffer.from('data: x\n\n'.repeat(500))], 100).length, 500);
  assert.equal(parse([Buffer.from(`${': beat\n'.repeat(500)}data: x\n\n`)], 100).length, 1);
});
