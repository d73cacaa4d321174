import { AppError } from '@flotilla/contracts';
import type { User } from '@flotilla/user-contract';

/** Passes a user that was found; throws USER_NOT_FOUND for none. */
export function requireUser(user: User | undefined): User {
  if (user === undefined) throw new AppError('USER_NOT_FOUND');
  return user;
}
