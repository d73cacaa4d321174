import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { type AskedList, askingSource } from './asking-source.ts';

/** Follows a source that answers with these; `asked` are the cursors it went on from, with the time of each question. */
function follow(answers: readonly Partial<AskedList<number>>[], clock = new FakeClock()) {
  const asked: string[] = [];
  let told = 0;
  const stop = new AbortController();
  const startMs = clock.monotonicMs();
  const source = askingSource<number>({
    clock,
    ask(_service, last) {
      asked.push(`${last ?? '-'}@${clock.monotonicMs() - startMs}`);
      const answer = answers[asked.length - 1];
      if (answer === undefined) return Promise.reject(new Error('no more'));
      return Promise.resolve({ endpoints: [], againAfterMs: 0, cursor: asked.length, ...answer });
    },
  });
  const ended = source.follow({
    service: 'ships',
    signal: stop.signal,
    onActivity() {},
    onEndpoints: () => void (told += 1),
  });
  return { clock, asked, told: () => told, stop, ended, source };
}

test('asks again when the answer says, and continues from its cursor', async () => {
  const { clock, asked, told, ended, source } = follow([{ againAfterMs: 5_000 }, { againAfterMs: 1_000 }]);
  const failed = assert.rejects(ended, /no more/);
  await clock.advanceAsync(5_000);
  assert.equal(told(), 2);
  await clock.advanceAsync(1_000);
  await failed;
  assert.deepEqual(asked, ['-@0', '1@5000', '2@6000']);
  source.close();
});

test('a question that should wait for news but answers at once causes no storm', async () => {
  const { clock, asked, stop, ended } = follow(Array.from({ length: 1_000 }, () => ({})));
  for (let passedMs = 0; passedMs < 1_000; passedMs += 100) await clock.advanceAsync(100);
  assert.equal(asked.length, 11);
  stop.abort();
  await ended;
  assert.deepEqual(clock.pendingDelaysMs, []);
});
