import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { entityTag, type Precondition } from '@flotilla/kit/resource';
import { openUserStore } from '../store/database-user-store.ts';
import type { UserStore } from '../store/user-store.ts';
import { changeUser } from './change-user.ts';
import { createUser } from './create-user.ts';
import { findUser } from './find-user.ts';
import { listUsers } from './list-users.ts';
import { removeUser } from './remove-user.ts';

let users: UserStore;
before(async () => {
  users = await openUserStore({ url: 'sqlite::memory:', seedDemoData: true });
});
after(() => users.close());

const failsWith = (code: string) => (error: unknown) => isAppError(error) && error.code === code;
/** The condition of somebody who has read `record`. */
const unchanged = (record: unknown): Precondition => ({
  match: [{ weak: false, opaque: entityTag(JSON.stringify(record)) }],
  noneMatch: [],
});

test('a user is created, found, listed, changed and removed without any protocol', async () => {
  const created = await createUser(users, { name: 'Ada', email: 'ada@example.com' });
  assert.deepEqual({ ...(await findUser(users, created.id)) }, { ...created });
  const page = await listUsers(users, { limit: 2 });
  assert.deepEqual([page.rows.length, page.nextAfterId], [2, 2]);
  const changed = await changeUser(users, { id: created.id, change: { name: 'Lady' } });
  assert.equal(changed.name, 'Lady');
  await removeUser(users, { id: created.id });
  await assert.rejects(findUser(users, created.id), failsWith('USER_NOT_FOUND'));
  await assert.rejects(removeUser(users, { id: created.id }), failsWith('USER_NOT_FOUND'));
  await assert.rejects(changeUser(users, { id: created.id, change: { name: 'x' } }), failsWith('USER_NOT_FOUND'));
});

test('who has read a user that has changed since changes and removes nothing', async () => {
  const read = await findUser(users, 1);
  await changeUser(users, { id: 1, change: { name: 'Alicia' }, condition: unchanged(read) });
  const late = { id: 1, condition: unchanged(read) };
  await assert.rejects(changeUser(users, { ...late, change: { name: 'Eve' } }), failsWith('PRECONDITION_FAILED'));
  await assert.rejects(removeUser(users, late), failsWith('PRECONDITION_FAILED'));
  assert.equal((await findUser(users, 1)).name, 'Alicia');
  await assert.rejects(removeUser(users, { ...late, id: 99 }), failsWith('USER_NOT_FOUND'));
});

test('an address belongs to one user', async () => {
  await assert.rejects(createUser(users, { name: 'B', email: 'BOB@example.com' }), failsWith('EMAIL_TAKEN'));
  await assert.rejects(changeUser(users, { id: 1, change: { email: 'bob@example.com' } }), failsWith('EMAIL_TAKEN'));
});
