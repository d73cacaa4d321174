import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { KeptLine } from './control-types.ts';
import { LogRing } from './log-ring.ts';

const line = (name: string, text: string): KeptLine => ({ name, from: 'stdout', atMs: 0, line: text });
const texts = (lines: readonly KeptLine[]): string[] => lines.map(({ name, line: text }) => `${name}${text}`);

test('lines of all processes keep the order in which they were written', () => {
  const ring = new LogRing();
  for (const [name, text] of [
    ['a', '1'],
    ['b', '2'],
    ['a', '3'],
  ] as const)
    ring.push(line(name, text));
  assert.deepEqual(texts(ring.last(10)), ['a1', 'b2', 'a3']);
  assert.deepEqual(texts(ring.last(2)), ['b2', 'a3']);
  assert.deepEqual(texts(ring.last(1, (name) => name === 'b')), ['b2']);
  assert.deepEqual(ring.last(0), []);
});

test('each process keeps its own last lines, however much another writes', () => {
  const ring = new LogRing({ lines: 3 });
  ring.push(line('quiet', '!'));
  for (let index = 0; index < 100; index += 1) ring.push(line('loud', String(index)));
  assert.deepEqual(texts(ring.last(10)), ['quiet!', 'loud97', 'loud98', 'loud99']);
});

test('long lines are cut to the limit', () => {
  const ring = new LogRing({ characters: 100 });
  for (const letter of ['a', 'b', 'c']) ring.push(line('x', letter.repeat(40)));
  assert.deepEqual(
    ring.last(10).map(({ line: text }) => text[0]),
    ['b', 'c'],
  );
  ring.push(line('x', 'd'.repeat(1_000)));
  assert.deepEqual(ring.last(10), []);
});

test('dropped lines use no memory, however few there are', () => {
  setFlagsFromString('--expose-gc');
  // The flag gives it to contexts that are made from now on.
  const collect = runInNewContext('gc') as () => void;
  const heldBytes = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const ring = new LogRing({ characters: 100_000 });
  const beforeBytes = heldBytes();
  for (let index = 0; index < 500; index += 1) ring.push(line('x', Buffer.alloc(100_000, 97).toString()));
  assert.ok(heldBytes() - beforeBytes < 10_000_000);
  assert.equal(ring.last(10).length, 1);
});

test('a follower gets new lines until it unsubscribes', () => {
  const ring = new LogRing();
  const told: string[] = [];
  const end = ring.follow(({ line: text }) => told.push(text));
  ring.push(line('a', '1'));
  end();
  ring.push(line('a', '2'));
  assert.deepEqual(told, ['1']);
});
