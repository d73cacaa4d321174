import { type Page, type PageQuery, readPage } from '@flotilla/kit/resource';
import type { User } from '@flotilla/user-contract';
import type { UserStore } from '../store/user-store.ts';

/** One page of all users, in the order of ids. */
export function listUsers(users: UserStore, query: PageQuery): Promise<Page<User>> {
  return readPage(query, (wanted) => users.list(wanted));
}
