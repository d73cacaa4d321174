import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logFilterOf, logQuery, searchOfLogs, tailQuery } from './log-filter.ts';

test('a filter survives its address, texts with spaces and signs included', () => {
  const address = new URLSearchParams({
    level: 'warn',
    service: 'order-service',
    instance: 'order-service-1',
    text: 'hello world & 商品',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    range: '6h',
  });
  const again = searchOfLogs(logFilterOf(new URLSearchParams(address.toString())));
  assert.deepEqual([...again].toSorted(), [...address].toSorted());
});

test('a level that does not exist is no filter', () => {
  assert.equal(logFilterOf(new URLSearchParams('level=loud')).level, undefined);
});

test('lines of a range are asked for with its times, the live tail without', () => {
  const filter = logFilterOf(new URLSearchParams('level=info&from_ms=5&to_ms=9'));
  assert.equal(logQuery(filter, 1000, 10).toString(), 'level=info&from_ms=5&to_ms=9&limit=10');
  assert.equal(tailQuery(filter).toString(), 'level=info');
  assert.equal(
    logQuery(logFilterOf(new URLSearchParams('range=5m')), 300_010, 10, 'c').toString(),
    'from_ms=10&limit=10&cursor=c',
  );
});

test('the lines of a trace are asked for however old they are', () => {
  assert.equal(logQuery(logFilterOf(new URLSearchParams('trace_id=ab')), 1000, 10).toString(), 'trace_id=ab&limit=10');
});
