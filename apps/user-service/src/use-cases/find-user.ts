import { AppError } from '@flotilla/contracts';
import { type User, userErrors } from '@flotilla/user-contract';
import type { UserStore } from '../store/user-store.ts';

/**
 * The user with this id.
 *
 * @throws {AppError} USER_NOT_FOUND
 */
export async function findUser(users: UserStore, id: number): Promise<User> {
  return requireUser(await users.find(id));
}

/** Passes a user that was found; throws USER_NOT_FOUND for none. */
export function requireUser(user: User | undefined): User {
  if (user === undefined) throw new AppError(userErrors.USER_NOT_FOUND);
  return user;
}
