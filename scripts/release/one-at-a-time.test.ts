import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { oneAtATime } from './one-at-a-time.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-lock-'));
after(() => rmSync(folder, { recursive: true }));

/** Flags that a thread and this one see: the other is there, the other has got the lock. */
const there = 0;
const inside = 1;

test('a second run waits until the first has ended', async () => {
  const lock = join(folder, 'below', 'lock');
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const source = `const { workerData: { flags, lock, module } } = require('node:worker_threads');
    const raise = (flag) => { Atomics.store(flags, flag, 1); Atomics.notify(flags, flag); };
    import(module).then(({ oneAtATime }) => { raise(${there}); oneAtATime(lock, () => raise(${inside})); });`;
  const module = import.meta.resolve('./one-at-a-time.ts');
  const worker = new Worker(source, { eval: true, workerData: { flags, lock, module } });
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  oneAtATime(lock, () => {
    assert.notEqual(Atomics.wait(flags, there, 0, 20_000), 'timed-out');
    assert.equal(Atomics.wait(flags, inside, 0, 200), 'timed-out');
  });
  assert.equal(await ended, 0);
  assert.equal(flags[inside], 1);
});

test('a failed run leaves nothing behind', () => {
  const lock = join(folder, 'failed');
  const fail = (): never => {
    throw new Error('no');
  };
  assert.throws(() => oneAtATime(lock, fail), /^Error: no$/);
  assert.equal(existsSync(lock), false);
});

test('the lock of a killed run is taken over', () => {
  const lock = join(folder, 'stale');
  mkdirSync(lock);
  utimesSync(lock, new Date(0), new Date(0));
  assert.equal(
    oneAtATime(lock, () => 1),
    1,
  );
  assert.equal(existsSync(lock), false);
});
