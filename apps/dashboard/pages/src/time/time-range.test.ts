import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitsOf, putRange, rangeOf, wordOf } from './time-range.ts';

test('a range is read from an address and written back as it was', () => {
  for (const address of ['range=6h', 'from_ms=1000&to_ms=2000']) {
    const search = new URLSearchParams();
    putRange(search, rangeOf(new URLSearchParams(address), '15m'));
    assert.equal(search.toString(), address);
  }
});

test('a new range replaces the one before it', () => {
  const search = new URLSearchParams('from_ms=1000&to_ms=2000&service=x');
  putRange(search, { kind: 'last', lastMs: 300_000 });
  assert.equal(search.toString(), 'service=x&range=5m');
});

test('what cannot be read is the default', () => {
  for (const address of ['', 'range=soon', 'from_ms=5&to_ms=1', 'from_ms=x&to_ms=2', 'from_ms=1']) {
    assert.equal(wordOf(rangeOf(new URLSearchParams(address), '15m')), '15m', address);
  }
});

test('a range of the last minutes ends now', () => {
  assert.deepEqual(limitsOf({ kind: 'last', lastMs: 1000 }, 5000), { fromMs: 4000, toMs: 5000 });
  assert.deepEqual(limitsOf({ kind: 'between', fromMs: 1, toMs: 2 }, 5000), { fromMs: 1, toMs: 2 });
});
