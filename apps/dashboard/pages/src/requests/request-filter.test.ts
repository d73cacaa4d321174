import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrivalOf, isFiltered, requestFilterOf, requestQuery, searchOfRequests } from './request-filter.ts';

test('a filter survives its address, texts with spaces and signs included', () => {
  const address = new URLSearchParams({
    service: 'order-service',
    route: '/users/{id}/orders',
    method: 'GET',
    status: '5xx',
    text: 'hello world & 100% +1 商品',
    min_ms: '250',
    range: '6h',
  });
  const again = searchOfRequests(requestFilterOf(new URLSearchParams(address.toString())));
  assert.deepEqual([...again].toSorted(), [...address].toSorted());
});

test('what is as it is by default is not in the address', () => {
  assert.equal(searchOfRequests(requestFilterOf(new URLSearchParams(''))).toString(), '');
  assert.equal(searchOfRequests(requestFilterOf(new URLSearchParams('range=1h&min_ms=0&text='))).toString(), '');
});

test('numbers that cannot be read are no filter', () => {
  for (const minMs of ['-1', 'fast', '1.5', '']) {
    assert.equal(requestFilterOf(new URLSearchParams({ min_ms: minMs })).minMs, undefined);
  }
});

test('the engine is asked for a beginning, and for an end only if there is one', () => {
  const last = requestQuery(requestFilterOf(new URLSearchParams('range=5m&status=404')), 1_000_000, 50, 'abc');
  assert.equal(last.toString(), 'status=404&at=gateway&from_ms=700000&limit=50&cursor=abc');
  const between = requestQuery(requestFilterOf(new URLSearchParams('from_ms=10&to_ms=20')), 1_000_000, 50);
  assert.equal(between.toString(), 'from_ms=10&to_ms=20&at=gateway&limit=50');
});

test('a trace is asked for by its id, as people paste it, however long ago it was', () => {
  const id = '0af7651916cd43dd8448eb211c80319c';
  for (const pasted of [id, id.toUpperCase(), ` ${id}\n`, `00-${id}-b7ad6b7169203331-01`]) {
    const query = requestQuery(requestFilterOf(new URLSearchParams({ text: pasted })), 1_000_000, 50);
    assert.deepEqual([query.get('from_ms'), query.get('at')], [null, null], pasted);
  }
  const other = requestQuery(requestFilterOf(new URLSearchParams({ text: `${id}0` })), 1_000_000, 50);
  assert.equal(other.get('at'), 'gateway');
  const between = requestFilterOf(new URLSearchParams({ text: id, from_ms: '10', to_ms: '20' }));
  assert.equal(requestQuery(between, 1_000_000, 50).get('from_ms'), '10');
});

test('a range alone leaves nothing out', () => {
  assert.equal(isFiltered(requestFilterOf(new URLSearchParams('range=5m'))), false);
  assert.equal(isFiltered(requestFilterOf(new URLSearchParams('min_ms=5'))), true);
  assert.equal(isFiltered(requestFilterOf(new URLSearchParams('method=get'))), true);
});

test('what came in at the gateway is shown, unless somebody asks for more', () => {
  const shown = (search: string): string => arrivalOf(requestFilterOf(new URLSearchParams(search)));
  assert.equal(shown(''), 'gateway');
  assert.equal(shown('status=failed&route=/users'), 'gateway');
  assert.equal(shown('service=service-registry'), 'anywhere');
  assert.equal(shown('text=0af7651916cd43dd8448eb211c80319c'), 'anywhere');
  assert.equal(shown('at=anywhere'), 'anywhere');
  assert.equal(shown('service=order-service&at=gateway'), 'gateway');
  assert.equal(shown('at=home'), 'gateway');
  const again = (search: string): string => searchOfRequests(requestFilterOf(new URLSearchParams(search))).toString();
  assert.equal(again('at=gateway'), '');
  assert.equal(again('at=anywhere'), 'at=anywhere');
  assert.equal(again('service=a&at=anywhere'), 'service=a');
});
