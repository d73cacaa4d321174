import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { SentBodies } from './sent-bodies.ts';

const long = 'x'.repeat(2_000_000);

/** Bodies on a clock that is moved by hand, and how often one was made. */
function counted(): {
  bodies: SentBodies;
  made: () => number;
  wait: (ms: number) => void;
  make: (text: string) => () => Promise<string>;
} {
  let nowMs = 0;
  let made = 0;
  return {
    bodies: new SentBodies(() => nowMs),
    made: () => made,
    wait: (ms) => void (nowMs += ms),
    make: (text) => async () => {
      made += 1;
      return text;
    },
  };
}

test('a list is made once for all requests for the same state, also at the same time', async () => {
  const { bodies, made, make, wait } = counted();
  const all = await Promise.all([1, 2, 3].map(() => bodies.body('all', 1, false, make('one'))));
  assert.deepEqual(
    all.map(({ bytes }) => String(bytes)),
    ['one', 'one', 'one'],
  );
  assert.equal(made(), 1);
  assert.equal(String((await bodies.body('all', 2, false, make('two'))).bytes), 'two');
  assert.equal(String((await bodies.body('other', 2, false, make('three'))).bytes), 'three');
  wait(30_000);
  // Signs of life are shown at most that late.
  await bodies.body('all', 2, false, make('two'));
  assert.equal(made(), 4);
});

test('a long list is made once a second at most, however often it changes', async () => {
  const { bodies, made, make, wait } = counted();
  await bodies.body('all', 1, false, make(long));
  await bodies.body('all', 2, false, make(long));
  assert.equal(made(), 1);
  wait(1_000);
  await Promise.all([3, 4, 5].map((version) => bodies.body('all', version, false, make(long))));
  assert.equal(made(), 2);
});

test('it is compressed once, unless it is short', async () => {
  const { bodies, make } = counted();
  const short = await bodies.body('short', 1, true, make('one'));
  assert.deepEqual([short.isCompressed, String(short.bytes)], [false, 'one']);
  const first = await bodies.body('all', 1, true, make(long));
  assert.equal(gunzipSync(first.bytes).length, long.length);
  assert.equal((await bodies.body('all', 1, true, make(long))).bytes, first.bytes);
});

test('a list that could not be made is made again for the next one', async () => {
  const { bodies, make } = counted();
  await assert.rejects(
    bodies.body('all', 1, false, () => Promise.reject(new Error('broken'))),
    /broken/,
  );
  assert.equal(String((await bodies.body('all', 1, false, make('one'))).bytes), 'one');
});
