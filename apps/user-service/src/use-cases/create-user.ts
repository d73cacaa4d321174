import type { NewUser, User } from '@flotilla/user-contract';
import type { UserStore } from '../store/user-store.ts';

/**
 * Adds a user, under an id that nobody has had.
 *
 * @throws {AppError} EMAIL_TAKEN when another user has the address
 */
export function createUser(users: UserStore, user: NewUser): Promise<User> {
  return users.add(user);
}
