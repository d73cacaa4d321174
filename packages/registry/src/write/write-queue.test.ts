import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, isAppError } from '@flotilla/contracts';
import { ServiceCatalog } from '../catalog/service-catalog.ts';
import { StatusRecords } from '../catalog/status-records.ts';
import type { Change } from '../record/log-record.ts';
import type { CommitResult, Condition } from '../store/record-store.ts';
import { Draft } from './draft.ts';
import { type Intent, WriteQueue } from './write-queue.ts';

const change = (id: string): Change => ({ type: 'delete', kind: 'instance', key: `web/${id}`, reason: 'deregistered' });
const none = { changes: [], conditions: [] };

/** A write about the instance `id`. */
function about<T>(id: string, finish: () => T): (draft: Draft) => Intent<T> {
  return (draft) => {
    draft.get('web', id);
    return { changes: [change(id)], conditions: [], finish };
  };
}

/** A queue over a store that answers commits as `commit` says. */
function queueOver(commit: (changes: readonly Change[], conditions?: readonly Condition[]) => Promise<CommitResult>): {
  readonly queue: WriteQueue;
  /** The revisions that were waited for. */
  readonly reached: number[];
} {
  const reached: number[] = [];
  const [catalog, statuses] = [new ServiceCatalog(), new StatusRecords()];
  const queue = new WriteQueue({
    store: { maxChanges: 84, commit },
    newDraft: () => new Draft(catalog, statuses),
    reached: async (revision) => void reached.push(revision),
  });
  return { queue, reached };
}

const keyOf = (change: Change): string => ('key' in change ? change.key : change.from);

test('writes of one turn share a commit, up to what the store accepts, and are answered in order', async () => {
  const sizes: number[] = [];
  let revision = 0;
  const { queue, reached } = queueOver(async (changes) => {
    sizes.push(changes.length);
    revision += changes.length;
    return { kind: 'committed', revision };
  });
  const answered: number[] = [];
  await Promise.all(
    Array.from({ length: 25 }, (_, index) => queue.submit(about(String(index), () => answered.push(index)))),
  );
  assert.deepEqual(sizes, [5, 5, 5, 5, 5]);
  assert.deepEqual(
    answered,
    Array.from({ length: 25 }, (_, index) => index),
  );
  assert.deepEqual(reached, [5, 10, 15, 20, 25]);
});

test('writes to one instance are never in one commit; others join the first, in their order', async () => {
  const commits: string[] = [];
  const { queue } = queueOver(async (changes) => {
    commits.push(changes.map(keyOf).join(' '));
    return { kind: 'committed', revision: commits.length };
  });
  const answered: string[] = [];
  await Promise.all(
    ['a', 'a', 'b', 'a', 'c', 'b'].map((id, index) => queue.submit(about(id, () => answered.push(`${id}${index}`)))),
  );
  assert.deepEqual(commits, ['web/a web/b web/c', 'web/a web/b', 'web/a']);
  assert.deepEqual(answered, ['a0', 'b2', 'c4', 'a1', 'b5', 'a3']);
});

test('many writes to one instance delay nobody else, and each decides little more than once', async () => {
  const commits: string[] = [];
  const { queue } = queueOver(async (changes) => {
    commits.push(changes.map(keyOf).join(' '));
    return { kind: 'committed', revision: commits.length };
  });
  let decided = 0;
  const answered: number[] = [];
  const crowd = Array.from({ length: 500 }, (_, index) =>
    queue.submit((draft) => {
      decided += 1;
      return about('crowded', () => answered.push(index))(draft);
    }),
  );
  await queue.submit(about('other', () => {}));
  assert.equal(commits[0], 'web/crowded web/other');
  await Promise.all(crowd);
  assert.ok(decided <= 1_500, `${decided} decisions`);
  assert.deepEqual(
    answered,
    Array.from({ length: 500 }, (_, index) => index),
  );
});

test('nothing is answered before the commit is complete and in memory', async () => {
  const gate = Promise.withResolvers<CommitResult>();
  const asked = Promise.withResolvers<void>();
  const { queue, reached } = queueOver(() => {
    asked.resolve();
    return gate.promise;
  });
  let answered = false;
  const write = queue.submit(about('a', () => (answered = true)));
  await asked.promise;
  assert.deepEqual([answered, reached.length], [false, 0]);
  gate.resolve({ kind: 'committed', revision: 7 });
  await write;
  assert.deepEqual([answered, reached], [true, [7]]);
});

test('a write that refuses itself harms no other, and one without changes needs no commit', async () => {
  let commits = 0;
  const { queue } = queueOver(async () => {
    commits += 1;
    return { kind: 'committed', revision: 1 };
  });
  const results = await Promise.allSettled([
    queue.submit(() => ({ ...none, finish: () => 'nothing' })),
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

const conflict: CommitResult = {
  kind: 'conflict',
  condition: { kind: 'instance', key: 'web/a', revision: 1 },
  revision: 9,
};

test('when another writer was faster, memory catches up, and the writes decide again', async () => {
  const outcomes: CommitResult[] = [conflict, { kind: 'committed', revision: 10 }];
  const { queue, reached } = queueOver(async () => outcomes.shift() ?? assert.fail('one commit too many'));
  const decided: number[] = [];
  const write = (id: string): Promise<void> =>
    queue.submit((draft) => {
      decided.push(reached.at(-1) ?? 0);
      return about(id, () => {})(draft);
    });
  await Promise.all([write('a'), write('b')]);
  assert.deepEqual(
    [decided, reached],
    [
      [0, 0, 9, 9],
      [9, 10],
    ],
  );
});

test('a write that always loses the race is refused in the end, and the queue continues', async () => {
  let commits = 0;
  const { queue } = queueOver(async (changes) => {
    commits += 1;
    return changes.map(keyOf)[0] === 'web/a' ? conflict : { kind: 'committed', revision: 10 };
  });
  await assert.rejects(
    queue.submit(about('a', () => {})),
    (error) => isAppError(error) && error.code === 'REVISION_CONFLICT',
  );
  assert.equal(commits, 5);
  await queue.submit(about('b', () => {}));
});
