import { type Precondition, writeIfUnchanged } from '@flotilla/kit/resource';
import type { User, UserChange } from '@flotilla/user-contract';
import type { UserStore } from '../store/user-store.ts';
import { findUser, requireUser } from './find-user.ts';

/** Which user to change, and how. */
export interface UserChangeRequest {
  readonly id: number;
  readonly change: UserChange;
  /** What the caller has read; a user that has changed since is left as it is. Default: whatever it is. */
  readonly condition?: Precondition | undefined;
}

/**
 * Changes a user, and gives it as it then is.
 *
 * @throws {AppError} USER_NOT_FOUND; PRECONDITION_FAILED when it is not what the caller has read; EMAIL_TAKEN when another
 *   user has the address
 */
export async function changeUser(users: UserStore, { id, change, condition }: UserChangeRequest): Promise<User> {
  const changed = await writeIfUnchanged(condition, {
    read: () => findUser(users, id),
    show: (user) => user,
    write: (expected) => users.change(id, change, expected),
  });
  return requireUser(changed);
}
