import type { Cache } from '@flotilla/kit/cache';
import type { Database, Transaction } from '@flotilla/kit/database';
import type { IdempotencyKeys, ServiceCall } from '@flotilla/kit/idempotency';
import type { Page, PageQuery, Precondition } from '@flotilla/kit/resource';
import type { NewUser, User, UserChange } from '@flotilla/user-contract';
import { type UserFeed, type UserStore, userStore } from './store/users.ts';

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
  change(id: number, change: UserChange, call: ServiceCall, condition?: Precondition): Promise<User>;
  /**
   * Removes a user and returns it as it was. order-service, which hears of it, cancels the user's open orders and keeps all.
   *
   * @throws {AppError} USER_NOT_FOUND; PRECONDITION_FAILED
   */
  remove(id: number, call: ServiceCall, condition?: Precondition): Promise<User>;
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
  /** The users in a transaction whose events are told as caused by the call. */
  const usersIn = (transaction: Transaction, { trace }: ServiceCall): UserStore => {
    events.attribute(transaction, trace);
    return users.within(transaction);
  };
  return {
    get: (id) => users.get(id),
    page: (query) => users.page(query),
    add: (user, call) =>
      keys.once(
        { operation: 'users.add', input: user, call },
        {
          write: (transaction) =>
            transaction === undefined
              ? database.transaction((own) => usersIn(own, call).add(user))
              : usersIn(transaction, call).add(user),
        },
      ),
    change: (id, change, call, condition) =>
      database.transaction((own) => usersIn(own, call).change(id, change, condition)),
    remove: (id, call, condition) => database.transaction((own) => usersIn(own, call).remove(id, condition)),
  };
}
