import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldSockets, type SocketHandle } from './held-sockets.ts';

function toySocket(): SocketHandle & { closed: boolean } {
  const socket = { closed: false, close: () => void (socket.closed = true) };
  return socket;
}

test('sockets are kept for the next process, each once, until it no longer listens on them', () => {
  const held = new HeldSockets();
  const [first, second, other] = [toySocket(), toySocket(), toySocket()];
  held.keep('a', first);
  held.keep('a', second);
  held.keep('b', other);
  assert.deepEqual(held.all, [
    ['a', second],
    ['b', other],
  ]);
  assert.equal(first.closed, true, 'one handle keeps a socket open as well as two');
  held.keepOnly(['b']);
  assert.deepEqual([second.closed, other.closed], [true, false]);
});

test('connections to a program that restarts late or never are refused', () => {
  const held = new HeldSockets();
  const [first, second, late] = [toySocket(), toySocket(), toySocket()];
  held.keep('a', first);
  held.release();
  held.keep('a', second);
  assert.deepEqual([first.closed, second.closed], [true, false], 'a crash loop may end');
  held.end();
  held.keep('a', late);
  assert.deepEqual([second.closed, late.closed, held.all], [true, true, []], 'a stop is one');
});
