import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SocketCustody } from './socket-custody.ts';
import type { SocketHandle, WorkerProcess } from './worker-process.ts';

/** A worker that notes which sockets it was given; `undefined`: it was told to bind. */
function toyWorker(number: number): WorkerProcess & { readonly given: (SocketHandle | undefined)[] } {
  const given: (SocketHandle | undefined)[] = [];
  return { number, pid: undefined, given, send: (_message, socket) => void given.push(socket), signal() {} };
}

function toySocket(): SocketHandle & { closed: boolean } {
  const socket = { closed: false, close: () => void Object.assign(socket, { closed: true }) };
  return socket;
}

test('one worker binds; those that ask meanwhile or later get its socket', () => {
  const custody = new SocketCustody();
  const [first, second, third] = [toyWorker(1), toyWorker(2), toyWorker(3)];
  const socket = toySocket();
  custody.ask('a', first);
  custody.ask('a', second);
  assert.deepEqual([first.given, second.given], [[undefined], []]);
  custody.keep('a', socket);
  custody.ask('a', third);
  assert.deepEqual([second.given, third.given], [[socket], [socket]]);
});

test('if the worker that binds fails or dies, the next one tries', () => {
  const custody = new SocketCustody();
  const [first, second, third] = [toyWorker(1), toyWorker(2), toyWorker(3)];
  for (const worker of [first, second, third]) custody.ask('a', worker);
  custody.giveUp('a', first);
  assert.deepEqual([second.given, third.given], [[undefined], []]);
  custody.forget(second);
  assert.deepEqual(third.given, [undefined]);
});

test('a socket outlives its workers, until the remaining ones do not want it', () => {
  const custody = new SocketCustody();
  const worker = toyWorker(1);
  const [old, kept] = [toySocket(), toySocket()];
  custody.ask('old', worker);
  custody.keep('old', old);
  custody.forget(worker);
  assert.equal(old.closed, false);
  custody.ask('new', toyWorker(2));
  custody.keep('new', kept);
  custody.keepOnlyFor(new Set([2]));
  assert.deepEqual([old.closed, kept.closed], [true, false]);
  custody.close();
  assert.equal(kept.closed, true);
});

test('a socket of an earlier primary goes to the worker that asks for it, or is released', () => {
  const custody = new SocketCustody();
  const [same, other] = [toySocket(), toySocket()];
  custody.keep('same', same);
  custody.keep('other', other);
  const worker = toyWorker(1);
  custody.ask('same', worker);
  assert.deepEqual(worker.given, [same], 'it does not bind');
  custody.keepOnlyFor(new Set([1]));
  assert.deepEqual([same.closed, other.closed], [false, true]);
  assert.deepEqual(custody.keys, ['same']);
});
