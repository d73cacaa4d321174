import type { Cache } from '@flotilla/kit/cache';
import type { Database } from '@flotilla/kit/database';
import type { IdempotencyKeys, ServiceCall } from '@flotilla/kit/idempotency';
import type { Page, PageQuery, Precondition } from '@flotilla/kit/resource';
import type { NewUser, User, UserChange } from '@flotilla/user-contract';
import { type UserFeed, userStore } from './store/users.ts';

/** What user-service does, for the adapters of all protocols. They read ids and bodies; errors come as codes. */
export interface Users {
  /** @throws {AppError} USER_NOT_FOUND */
  get(id: number): Promise<User>;
  /** One page of all users, in the order of ids. */
  page(query: PageQuery): Promise<Page<User>>;
  /** Done once for each idempotency key. @throws {AppError} EMAIL_TAKEN */
  add(user: NewUser, call: ServiceCall): Promise<User>;
  /**
   * @param condition what the caller has read. Default: none
   * @throws {AppError} USER_NOT_FOUND; EMAIL_TAKEN; PRECONDITION_FAILED
   */
  change(id: number, change: UserChange, condition?: Precondition): Promise<User>;
  /**
   * Removes a user and returns it as it was. order-service, which hears of it, cancels the user's open orders and keeps all.
   *
   * @throws {AppError} USER_NOT_FOUND; PRECONDITION_FAILED
   */
  remove(id: number, condition?: Precondition): Promise<User>;
}

/** What {@link userService} is made of. */
export interface UserServiceParts {
  readonly database: Database<unknown>;
  readonly keys: IdempotencyKeys;
  /** Where users are kept that were read. Default: nowhere. */
  readonly cache?: Cache;
  /** Where changes of users are published. */
  readonly events: UserFeed;
}

/** Builds the service, once in a program. */
export function userService({ database, keys, cache, events }: UserServiceParts): Users {
  const users = userStore(database, events, cache);
  return {
    get: (id) => users.get(id),
    page: (query) => users.page(query),
    add: (user, call) =>
      keys.once(
        { operation: 'users.add', input: user, call },
        { write: (transaction) => users.within(transaction).add(user) },
      ),
    change: (id, change, condition) => users.change(id, change, condition),
    remove: (id, condition) => users.remove(id, condition),
  };
}
