import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { watchParent } from './parent-watch.ts';

function setUp(env: Readonly<Record<string, string>>) {
  const clock = new FakeClock();
  const state = { parent: 7, gone: 0 };
  watchParent({ env, clock, parent: () => state.parent, onGone: () => void (state.gone += 1) });
  return { clock, state };
}

test('a fleet started by npm stops when npm has ended', () => {
  const { clock, state } = setUp({ npm_command: 'exec' });
  clock.advance(5_000);
  assert.equal(state.gone, 0);
  state.parent = 1;
  clock.advance(500);
  clock.advance(5_000);
  assert.equal(state.gone, 1);
});

test('a fleet in the background, or not started by npm, keeps running', () => {
  const background = setUp({ npm_lifecycle_event: 'start' });
  background.state.parent = 1;
  background.clock.advance(60_000);
  assert.equal(background.state.gone, 0);
  const plain = setUp({});
  plain.clock.advance(2_000);
  plain.state.parent = 1;
  plain.clock.advance(60_000);
  assert.equal(plain.state.gone, 0);
});
