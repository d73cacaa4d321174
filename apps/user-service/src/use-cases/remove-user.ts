import { type Precondition, writeIfUnchanged } from '@flotilla/kit/resource';
import type { UserStore } from '../store/user-store.ts';
import { findUser, requireUser } from './find-user.ts';

/** Which user to remove. */
export interface UserRemovalRequest {
  readonly id: number;
  /** What the caller has read; a user that has changed since is left as it is. Default: whatever it is. */
  readonly condition?: Precondition | undefined;
}

/**
 * Removes a user. The user's orders stay: they belong to another service, and what was sold stays sold.
 *
 * @throws {AppError} USER_NOT_FOUND; PRECONDITION_FAILED when it is not what the caller has read
 */
export async function removeUser(users: UserStore, { id, condition }: UserRemovalRequest): Promise<void> {
  const removed = await writeIfUnchanged(condition, {
    read: () => findUser(users, id),
    show: (user) => user,
    write: (expected) => users.remove(id, expected),
  });
  requireUser(removed);
}
