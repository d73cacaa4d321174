import { AppError } from '@flotilla/contracts';
import {
  DatabaseCheck,
  isUniqueViolation,
  kyselyDatabase,
  migrate,
  openSqlite,
  seedOnce,
  whenUnlocked,
} from '@flotilla/kit/database/sqlite';
import { emailKey, type User } from '@flotilla/user-contract';
import { type Expression, type ExpressionBuilder, type Generated, Kysely, type SqlBool, SqliteDialect } from 'kysely';
import { userMigrations } from '../migrations/user-migrations.ts';
import { demoUsers } from './demo-users.ts';
import type { UserStore } from './user-store.ts';

/** The tables after all of `userMigrations`. */
interface Tables {
  readonly users: {
    readonly id: Generated<number>;
    readonly name: string;
    readonly email: string;
    readonly email_key: string;
  };
}

const columns = ['id', 'name', 'email'] as const;

/** What {@link openSqliteUserStore} opens. */
export interface SqliteUserStoreOptions {
  /** See `openSqlite`. */
  readonly file: string;
  /** Wall-clock time in milliseconds, noted with the migrations that are applied. */
  readonly now: number;
  /** Whether a database that never had a user is given the demonstration's. */
  readonly seedDemoData: boolean;
}

/**
 * Opens the users' database, and brings it up to date.
 *
 * @throws {DatabaseSetupError} when that is not possible
 */
export function openSqliteUserStore({ file, now, seedDemoData }: SqliteUserStoreOptions): UserStore {
  const database = openSqlite({ file });
  migrate(database, userMigrations, now);
  if (seedDemoData) seedOnce(database, demoUsers);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: kyselyDatabase(database) }) });

  const check = new DatabaseCheck(database);

  return {
    find: (id) => whenUnlocked(() => db.selectFrom('users').select(columns).where('id', '=', id).executeTakeFirst()),
    list: ({ afterId, limit }) =>
      whenUnlocked(() =>
        db.selectFrom('users').select(columns).where('id', '>', afterId).orderBy('id').limit(limit).execute(),
      ),
    add: ({ name, email }) =>
      withUniqueEmail(() =>
        db
          .insertInto('users')
          .values({ name, email, email_key: emailKey(email) })
          .returning(columns)
          .executeTakeFirstOrThrow(),
      ),
    change: (id, { name, email }, expected) =>
      withUniqueEmail(() =>
        db
          .updateTable('users')
          .set({
            ...(name === undefined ? {} : { name }),
            ...(email === undefined ? {} : { email, email_key: emailKey(email) }),
          })
          .where(isStill(id, expected))
          .returning(columns)
          .executeTakeFirst(),
      ),
    remove: (id, expected) =>
      whenUnlocked(() => db.deleteFrom('users').where(isStill(id, expected)).returning(columns).executeTakeFirst()),
    check: () => check.run(),
    close: () => db.destroy(),
  };
}

/** Compares in the statement that writes: between two statements another writer could come. */
function isStill(id: number, expected: User | undefined) {
  return (row: ExpressionBuilder<Tables, 'users'>): Expression<SqlBool> =>
    row.and(expected === undefined ? { id } : { id, name: expected.name, email: expected.email });
}

/** Leaves it to the database to say that an address is taken: asking first would leave time for another to take it. */
async function withUniqueEmail<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await whenUnlocked(write);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const fields = [{ field: '/email', code: 'EMAIL_OF_ANOTHER' }] as const;
    throw new AppError('EMAIL_TAKEN', { fields, cause: error });
  }
}
