import { AppError, fieldProblem } from '@flotilla/contracts';
import { type Cache, cachedRecords, directCache } from '@flotilla/kit/cache';
import { type Database, type DatabaseDefinition, type RecordStore, recordStore } from '@flotilla/kit/database';
import type { EventFeed } from '@flotilla/kit/events';
import {
  emailKey,
  type User,
  type UserEventSchemas,
  userErrors,
  userFieldErrors,
  userPaths,
  userSchema,
} from '@flotilla/user-contract';
import { userMigrations } from '../migrations/user-migrations.ts';
import { demoUsers } from './demo-users.ts';

/** The store of users. */
export type UserStore = RecordStore<User>;

/** The database of users. */
export const userDatabase: DatabaseDefinition = { migrations: userMigrations, demoData: demoUsers };

/** Where changes of users are published. */
export type UserFeed = Pick<EventFeed<UserEventSchemas>, 'add' | 'attribute'>;

const eventTypes = { added: 'user.created', changed: 'user.changed', removed: 'user.deleted' } as const;

/** The users in a database. Each change is published in `events`. `cache`: where those are kept that were read; default: nowhere. */
export function userStore(database: Database<unknown>, events: UserFeed, cache: Cache = directCache()): UserStore {
  const stored = recordStore<User>(database, {
    table: 'users',
    columns: ['id', 'name', 'email'],
    // Compared to keep addresses unique.
    derive: ({ email }) => (email === undefined ? {} : { email_key: emailKey(email) }),
    // A path without its slash names the user in an event.
    alongside: (transaction, { kind, row }) =>
      events.add(transaction, { type: eventTypes[kind], subject: userPaths.one(row.id).slice(1), data: row }),
    notFound: userErrors.USER_NOT_FOUND,
    taken: (cause) =>
      new AppError(userErrors.EMAIL_TAKEN, {
        fields: [fieldProblem('/email', userFieldErrors.EMAIL_OF_ANOTHER)],
        cause,
      }),
  });
  return cachedRecords(stored, cache.kind('users', userSchema));
}
