import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acceptRequestId } from './request-id.ts';
import { formatTraceparent, parseTraceparent, TraceIds } from './trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('trace context', () => {
  it('reads and writes a traceparent', () => {
    const context = parseTraceparent(`00-${traceId}-${spanId}-01`, 'a=b,c=d');
    assert.deepEqual(context, { traceId, spanId, sampled: true, tracestate: 'a=b,c=d' });
    assert.equal(context && formatTraceparent(context), `00-${traceId}-${spanId}-01`);
    assert.equal(parseTraceparent(`00-${traceId}-${spanId}-00`)?.sampled, false);
    assert.equal(parseTraceparent(`00-${traceId}-${spanId}-03`)?.sampled, true);
  });

  it('reads a later version by its known first part', () => {
    assert.equal(parseTraceparent(`cc-${traceId}-${spanId}-01-what-the-future-brings`)?.traceId, traceId);
    assert.equal(parseTraceparent(`cc-${traceId}-${spanId}-01`)?.traceId, traceId);
  });

  it('returns nothing for an invalid header', () => {
    for (const bad of [
      undefined,
      '',
      'x',
      `ff-${traceId}-${spanId}-01`,
      `00-${traceId}-${spanId}-01-more`,
      `00-${traceId}-${spanId}`,
      `00-${traceId.toUpperCase()}-${spanId}-01`,
      `00-${'0'.repeat(32)}-${spanId}-01`,
      `00-${traceId}-${'0'.repeat(16)}-01`,
      `00-${traceId}-${spanId}-0g`,
      ` 00-${traceId}-${spanId}-01`,
      `cc-${traceId}-${spanId}-01-${'x'.repeat(600)}`,
    ])
      assert.equal(parseTraceparent(bad), undefined, String(bad));
  });

  it('drops a tracestate that must not be passed on, and keeps the trace', () => {
    const many = (count: number): string => Array.from({ length: count }, (_, index) => `k${index}=v`).join();
    for (const bad of [
      'a=b\r\nx: y',
      'a',
      '=1',
      'a=',
      'A=1',
      'a.b=1',
      'a =1',
      'a=1=2',
      'a=é',
      `${'k'.repeat(257)}=1`,
      `k=${'v'.repeat(257)}`,
      many(33),
    ]) {
      const context = parseTraceparent(`00-${traceId}-${spanId}-01`, bad);
      assert.deepEqual(context, { traceId, spanId, sampled: true }, bad);
    }
    for (const good of [
      'a=1',
      ' a=b c , ,1@x_-*/=~\t',
      'a=1,',
      `${'k'.repeat(256)}=1`,
      `k=${'v'.repeat(256)}`,
      many(32),
    ])
      assert.equal(parseTraceparent(`00-${traceId}-${spanId}-01`, good)?.tracestate, good);
  });

  it('makes a child with the same trace and a span of its own', () => {
    const parent = { traceId, spanId, sampled: false, tracestate: 'a=b' };
    assert.deepEqual(new TraceIds((bytes) => bytes.fill(1)).childOf(parent), { ...parent, spanId: '0101010101010101' });
  });

  it('uses each random byte once, and gets more when all are used', () => {
    let next = 0;
    const given: string[] = [];
    const ids = new TraceIds((bytes) => {
      for (let index = 0; index < bytes.length; index += 4)
        new DataView(bytes.buffer, bytes.byteOffset).setUint32(index, next++);
      given.push(Buffer.from(bytes).toString('hex'));
    });
    const parent = { traceId, spanId, sampled: true };
    let used = '';
    while (given.length < 3) {
      const made = ids.newTrace();
      if (given.length === 3) break;
      used += made.traceId + made.spanId;
    }
    assert.equal(used, given.slice(0, 2).join(''));
    assert.equal(ids.childOf(parent).spanId, given[2]?.slice(80, 96));
  });

  it('makes valid, distinct contexts from real randomness', () => {
    const ids = new TraceIds();
    const contexts = Array.from({ length: 1000 }, () => ids.newTrace());
    assert.equal(new Set(contexts.map((context) => context.traceId)).size, 1000);
    for (const context of contexts) assert.deepEqual(parseTraceparent(formatTraceparent(context)), context);
  });
});

describe('acceptRequestId', () => {
  it("keeps the caller's id if it is safe", () => {
    assert.equal(acceptRequestId('abc-123'), 'abc-123');
    for (const bad of [undefined, '', 'a b', 'a\nb', 'é', '<script>', 'x'.repeat(129)])
      assert.equal(acceptRequestId(bad), undefined, String(bad));
  });
});
