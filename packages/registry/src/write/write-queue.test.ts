import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, isAppError } from '@flotilla/contracts';
import type { Change, CommitResult } from '../store/instance-store.ts';
import { type AppliedChange, WriteQueue } from './write-queue.ts';

const change = (id: string): Change => ({ kind: 'delete', name: 'web', id, reason: 'deregistered' });

/** A queue over a store that notes its commits, and answers each when the test says so if `held`. */
function queueOver(commit: (changes: readonly Change[]) => Promise<CommitResult>): {
  queue: WriteQueue<{ changes: Change[]; add(more: readonly Change[]): void }>;
  applied: AppliedChange[];
  published: () => number;
} {
  const applied: AppliedChange[] = [];
  let published = 0;
  const queue = new WriteQueue({
    store: { maxChanges: 10, commit },
    newDraft: () => {
      const changes: Change[] = [];
      return { changes, add: (more: readonly Change[]) => void changes.push(...more) };
    },
    apply: (each) => applied.push(each),
    published: () => {
      published += 1;
    },
    onError: (error) => assert.fail(String(error)),
  });
  return { queue, applied, published: () => published };
}

test('writes of one turn share a commit, up to what the store takes, and are answered in order', async () => {
  const sizes: number[] = [];
  let revision = 0;
  const { queue, applied } = queueOver(async (changes) => {
    sizes.push(changes.length);
    return { kind: 'committed', revisions: changes.map(() => (revision += 1)) };
  });
  const answered: number[] = [];
  await Promise.all(
    Array.from({ length: 25 }, (_, index) =>
      queue.submit(() => ({ changes: [change(String(index))], finish: () => answered.push(index) })),
    ),
  );
  assert.deepEqual(sizes, [5, 5, 5, 5, 5]);
  assert.deepEqual(
    answered,
    Array.from({ length: 25 }, (_, index) => index),
  );
  assert.deepEqual(
    applied.map((each) => each.revision),
    Array.from({ length: 25 }, (_, index) => index + 1),
  );
});

test('nothing is answered or applied before the commit is done', async () => {
  const gate = Promise.withResolvers<CommitResult>();
  const asked = Promise.withResolvers<void>();
  const { queue, applied } = queueOver(() => {
    asked.resolve();
    return gate.promise;
  });
  let answered = false;
  const write = queue.submit(() => ({ changes: [change('a')], finish: () => (answered = true) }));
  await asked.promise;
  assert.deepEqual([answered, applied.length], [false, 0]);
  gate.resolve({ kind: 'committed', revisions: [1] });
  await write;
  assert.deepEqual([answered, applied.length], [true, 1]);
});

test('a write that refuses itself harms no other, and one without changes needs no commit', async () => {
  let commits = 0;
  const { queue } = queueOver(async (changes) => {
    commits += 1;
    return { kind: 'committed', revisions: changes.map((_, index) => index + 1) };
  });
  const results = await Promise.allSettled([
    queue.submit(() => ({ changes: [], finish: () => 'nothing' })),
    queue.submit(() => {
      throw new AppError('REVISION_CONFLICT');
    }),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  assert.equal(commits, 0);
});

test('a conflict with another writer refuses the batch, applies nothing, and the queue goes on', async () => {
  const outcomes: CommitResult[] = [
    { kind: 'conflict', index: 0, actualRevision: 9 },
    { kind: 'committed', revisions: [10] },
  ];
  const { queue, applied } = queueOver(async () => outcomes.shift() ?? assert.fail('one commit too many'));
  const write = (): Promise<void> => queue.submit(() => ({ changes: [change('a')], finish: () => {} }));
  await assert.rejects(write(), (error) => isAppError(error) && error.code === 'REVISION_CONFLICT');
  assert.equal(applied.length, 0);
  await write();
  assert.equal(applied[0]?.revision, 10);
});
