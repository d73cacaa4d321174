import type { PageRequest } from '@flotilla/kit/resource';
import type { NewUser, User, UserChange } from '@flotilla/user-contract';

/**
 * Where users are kept. Every method may reject with STORAGE_UNAVAILABLE; what was acknowledged is still there after
 * the process is killed.
 */
export interface UserStore {
  find(id: number): Promise<User | undefined>;
  /** Users with an id above `afterId`, in the order of ids. */
  list(page: PageRequest): Promise<readonly User[]>;
  /** Rejects with EMAIL_TAKEN. */
  add(user: NewUser): Promise<User>;
  /**
   * Gives the changed user; undefined if there is none, or it no longer is `expected`, when one is given. Rejects
   * with EMAIL_TAKEN.
   */
  change(id: number, change: UserChange, expected?: User): Promise<User | undefined>;
  /** Gives the user that was removed; undefined if there is none, or it no longer is `expected`, when one is given. */
  remove(id: number, expected?: User): Promise<User | undefined>;
  /** Rejects if the database can't be used now. */
  check(): Promise<void>;
  close(): Promise<void>;
}
