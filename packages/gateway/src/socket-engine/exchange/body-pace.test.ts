import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { BodyPace } from './body-pace.ts';

const parts = { clock: new FakeClock(), bodyGraceMs: 5_000, bodyProgressMs: 30_000 };

test('one byte a second is cut off after the grace period', () => {
  const pace = new BodyPace(parts, 100);
  for (let nowMs = 1_000; nowMs <= 5_000; nowMs += 1_000) pace.received(1, nowMs);
  assert.equal(pace.leftMs(5_000), 50);
  assert.equal(pace.leftMs(5_051), 0);
});

test('a body at the minimum rate may take any time', () => {
  const pace = new BodyPace(parts, 100);
  for (let nowMs = 1_000; nowMs <= 3_600_000; nowMs += 1_000) {
    assert.ok(pace.leftMs(nowMs) > 0, `${nowMs}`);
    pace.received(100, nowMs);
  }
});

test('a burst does not allow a longer silence than any body may have', () => {
  const pace = new BodyPace(parts, 100);
  pace.received(1_000_000, 1_000);
  assert.equal(pace.leftMs(1_000), 30_000);
  for (let nowMs = 2_000; nowMs <= 31_000; nowMs += 1_000) pace.received(1, nowMs);
  assert.equal(pace.leftMs(31_000), 300);
});

test('the time in which the sender was held up does not count', () => {
  const pace = new BodyPace(parts, 100);
  pace.resume(60_000);
  assert.equal(pace.leftMs(60_000), 5_000);
});

test('without a rate, only silence counts', () => {
  const pace = new BodyPace(parts, 0);
  assert.equal(pace.leftMs(0), 30_000);
  pace.received(1, 29_000);
  assert.equal(pace.leftMs(29_000), 30_000);
  assert.match(pace.error.detail ?? '', /no data for 30000 ms/);
});
