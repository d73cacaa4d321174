import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Flights } from './flights.ts';

test('those who come during the work share the next one, which begins after they came', async () => {
  const flights = new Flights();
  const begun: PromiseWithResolvers<number>[] = [];
  const work = (): Promise<number> => {
    const next = Promise.withResolvers<number>();
    begun.push(next);
    return next.promise;
  };
  const first = flights.run('a', work);
  let joined = 0;
  const later = Array.from({ length: 100 }, () => flights.run('a', work, () => (joined += 1)));
  const other = flights.run('b', work);
  assert.equal(begun.length, 2, 'one for each key');
  begun[0]?.resolve(1);
  begun[1]?.resolve(7);
  assert.deepEqual([await first, await other], [1, 7]);
  await Promise.resolve();
  assert.equal(begun.length, 3);
  begun[2]?.resolve(2);
  assert.deepEqual(new Set(await Promise.all(later)), new Set([2]));
  assert.equal(joined, 99);
  const alone = flights.run('a', work);
  assert.equal(begun.length, 4, 'nothing is kept');
  begun[3]?.resolve(3);
  assert.equal(await alone, 3);
});

test('work that fails fails for those who share it, and for nobody else', async () => {
  const flights = new Flights();
  const failing = flights.run('a', () => Promise.reject(new Error('no')));
  const next = flights.run('a', () => Promise.resolve(1));
  await assert.rejects(failing, /no/);
  assert.equal(await next, 1);
});
