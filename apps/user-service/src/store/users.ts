import { AppError, fieldProblem } from '@flotilla/contracts';
import { type Database, type DatabaseDefinition, type RecordStore, recordStore } from '@flotilla/kit/database';
import { emailKey, type User, userErrors, userFieldErrors } from '@flotilla/user-contract';
import { userMigrations } from '../migrations/user-migrations.ts';
import { demoUsers } from './demo-users.ts';

/** The store of users. */
export type UserStore = RecordStore<User>;

/** The database of users. */
export const userDatabase: DatabaseDefinition = { migrations: userMigrations, demoData: demoUsers };

/** The users in a database. */
export function userStore(database: Database<unknown>): UserStore {
  return recordStore<User>(database, {
    table: 'users',
    columns: ['id', 'name', 'email'],
    // Compared to keep addresses unique.
    derive: ({ email }) => (email === undefined ? {} : { email_key: emailKey(email) }),
    notFound: userErrors.USER_NOT_FOUND,
    taken: (cause) =>
      new AppError(userErrors.EMAIL_TAKEN, {
        fields: [fieldProblem('/email', userFieldErrors.EMAIL_OF_ANOTHER)],
        cause,
      }),
  });
}
