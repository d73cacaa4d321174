import type { Transaction } from '@flotilla/kit/database';
import type { ApplyEvent, RecordCopy } from '@flotilla/kit/events';
import type { User, UserClient, UserEventSchemas } from '@flotilla/user-contract';
import type { KnownUsers } from '../store/known-users.ts';
import { type Cancelling, cancelOrdersOf } from './cancel-order.ts';

/** What is kept of users, and what happens to their orders. */
export interface UserFollowing extends Pick<Cancelling, 'orders' | 'clock'> {
  readonly knownUsers: KnownUsers;
}

/** What happens when an event of a user comes: one that exists is noted, and the open orders of one that was deleted are cancelled. */
export function applyUserEvent(following: UserFollowing): ApplyEvent<UserEventSchemas> {
  return async (transaction, { type, data, time }) => {
    switch (type) {
      case 'user.created':
        return following.knownUsers.noteAll(transaction, [data.id]);
      case 'user.changed':
        return;
      case 'user.deleted':
        return noteDeleted(following, transaction, data.id, time);
      default:
        return type satisfies never;
    }
  };
}

/**
 * Copies which users exist. Users that are known here and missing there were deleted: what is deleted never comes back, so it is
 * enough to ask once more about each.
 */
export function copyOfUsers(following: UserFollowing, users: Pick<UserClient, 'find' | 'page'>): RecordCopy {
  const { knownUsers, clock } = following;
  return {
    // Their orders stay as they are: nobody has said that the users of the other database were deleted.
    forget: (transaction) => knownUsers.forgetAll(transaction),
    async *parts(signal) {
      let after = 0;
      for (let cursor: string | undefined = ''; cursor !== undefined && !signal.aborted; ) {
        const page: { readonly users: readonly User[]; readonly next: string | undefined } = await users.page(cursor);
        const ids = page.users.map(({ id }) => id);
        const last = page.next === undefined ? Number.MAX_SAFE_INTEGER : (ids.at(-1) ?? after);
        const there = new Set(ids);
        const deleted: number[] = [];
        for (const id of await knownUsers.existing(after, last))
          if (!there.has(id) && (await users.find(id)) === undefined) deleted.push(id);
        yield async (transaction) => {
          await knownUsers.noteAll(transaction, ids);
          for (const id of deleted) await noteDeleted(following, transaction, id, clock.now());
        };
        after = last;
        cursor = page.next;
      }
    },
  };
}

async function noteDeleted(
  following: UserFollowing,
  transaction: Transaction,
  id: number,
  deletedAt: number,
): Promise<void> {
  if (await following.knownUsers.noteDeleted(transaction, id, deletedAt))
    await cancelOrdersOf(following, transaction, id);
}
