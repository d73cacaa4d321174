import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { SilenceWatch } from './silence-watch.ts';

function watching(): { readonly clock: FakeClock; readonly watch: SilenceWatch; readonly told: unknown[] } {
  const clock = new FakeClock();
  const told: unknown[] = [];
  return { clock, told, watch: new SilenceWatch({ clock, onChange: (isSuspect) => told.push(isSuspect) }) };
}

test('machines that fall silent together, with nobody else heard, are the fault of the own network', () => {
  const { watch, told } = watching();
  for (const host of ['a', 'b']) watch.silent(host);
  assert.equal(watch.isSuspect, false);
  watch.silent('c');
  assert.equal(watch.isSuspect, true);
  for (const host of ['a', 'b', 'c']) watch.heard(host);
  assert.equal(watch.isSuspect, false);
  assert.deepEqual(told, [true, false]);
});

test('machines that fall silent while others are heard are silent by themselves', () => {
  const { watch } = watching();
  for (const host of ['x', 'y', 'z']) watch.heard(host);
  for (const host of ['a', 'b', 'c', 'd', 'e']) watch.silent(host);
  assert.equal(watch.isSuspect, false);
});

test('one machine that is silent in many checks is one', () => {
  const { watch } = watching();
  for (let count = 0; count < 100; count += 1) watch.silent('a');
  assert.equal(watch.isSuspect, false);
});

test('what was heard long ago says nothing of now', () => {
  const { clock, watch } = watching();
  for (const host of ['x', 'y', 'z']) watch.heard(host);
  clock.advance(5_001);
  for (const host of ['a', 'b', 'c']) watch.silent(host);
  assert.equal(watch.isSuspect, true);
  clock.advance(60_000);
  assert.equal(watch.isSuspect, true, 'a silence of all is no sign of life');
});

test('a suspicion ends by itself, and there is no other until most are heard again', () => {
  const { clock, watch } = watching();
  const allSilent = (): void => {
    for (const host of ['a', 'b', 'c', 'd']) watch.silent(host);
  };
  allSilent();
  clock.advance(300_000);
  assert.equal(watch.isSuspect, false);
  allSilent();
  assert.equal(watch.isSuspect, false);
  for (const host of ['a', 'b', 'c', 'd']) watch.heard(host);
  allSilent();
  assert.equal(watch.isSuspect, true);
});
