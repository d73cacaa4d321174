import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Http2Budget } from './http2-budget.ts';

test('a page that cancels twenty requests every 100 ms for an hour keeps its session', () => {
  const budget = new Http2Budget(0);
  for (let nowMs = 100; nowMs <= 3_600_000; nowMs += 100)
    for (let request = 0; request < 20; request += 1)
      assert.equal(budget.requestTakenBack(90, nowMs), undefined, `after ${nowMs} ms`);
});

test('requests that have run for a while can be cancelled without limit', () => {
  const budget = new Http2Budget(0);
  for (let count = 0; count < 100_000; count += 1) assert.equal(budget.requestTakenBack(1_000, 1), undefined);
});

test('a loop that opens and resets streams is ended within its first thousand', () => {
  const budget = new Http2Budget(0);
  let count = 0;
  while (budget.requestTakenBack(0, count / 10) === undefined) count += 1;
  assert.ok(count >= 1_000 && count < 1_100, String(count));
});

test('an upload of any length and speed costs nothing, nor do small messages at a high rate', () => {
  for (const [payload, perSecond] of [
    [16_384, 100_000],
    [150, 100_000],
    [20, 12_000],
  ] as const) {
    const budget = new Http2Budget(0);
    let bytesRead = 0;
    for (let second = 1; second <= 600; second += 1) {
      bytesRead += (payload + 9) * perSecond;
      budget.requestBytes(payload * perSecond);
      assert.equal(budget.connectionRead(bytesRead, second * 1_000), undefined, `${payload} bytes, second ${second}`);
    }
  }
});

test('frames with one byte or none end the session within seconds, and so do pings', () => {
  for (const [frameBytes, payload] of [
    [10, 1],
    [9, 0],
    [17, 0],
  ] as const) {
    const budget = new Http2Budget(0);
    let second = 0;
    let excess: string | undefined;
    for (let bytesRead = 0; excess === undefined && second < 60; second += 1) {
      bytesRead += frameBytes * 100_000;
      budget.requestBytes(payload * 100_000);
      excess = budget.connectionRead(bytesRead, second * 1_000);
    }
    assert.equal(excess, 'overhead');
    assert.ok(second <= 5, `after ${second} s`);
  }
});
