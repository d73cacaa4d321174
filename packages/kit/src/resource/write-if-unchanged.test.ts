import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { entityTag, type NamedTags, readTags } from './entity-tag.ts';
import { type Precondition, writeIfUnchanged } from './write-if-unchanged.ts';

test('a conditional write compares twice: after reading, and in the store', async () => {
  const current = { id: 1, name: 'A' };
  const tag = entityTag(JSON.stringify(current));
  const expectations: unknown[] = [];
  const guarded = (condition: Partial<Precondition> | undefined, stillThere = true): Promise<string | undefined> =>
    writeIfUnchanged(condition && { match: '*', noneMatch: [], ...condition }, {
      read: async () => current,
      show: (record) => record,
      write: async (expected) => {
        expectations.push(expected);
        return stillThere ? 'written' : undefined;
      },
    });
  const named = (field: string): NamedTags => readTags(field) ?? [];
  assert.equal(await guarded(undefined), 'written');
  assert.equal(await guarded(undefined, false), undefined);
  assert.equal(await guarded({ match: named(tag) }), 'written');
  assert.deepEqual(expectations, [undefined, undefined, current]);
  const failed = (error: unknown): boolean => isAppError(error) && error.code === 'PRECONDITION_FAILED';
  await assert.rejects(guarded({ match: named(tag) }, false), failed);
  await assert.rejects(guarded({ match: named(`W/${tag}`) }), failed);
  await assert.rejects(guarded({ noneMatch: '*' }), failed);
  assert.equal(expectations.length, 4, 'no store was asked where the condition already fails');
});
