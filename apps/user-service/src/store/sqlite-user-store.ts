import { AppError } from '@flotilla/contracts';
import { isUniqueViolation, kyselyDatabase, migrate, openSqlite } from '@flotilla/kit/sqlite';
import { emailKey } from '@flotilla/user-contract';
import { type Generated, Kysely, SqliteDialect } from 'kysely';
import { userMigrations } from '../migrations/user-migrations.ts';
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

/**
 * Opens the users' database, and brings it up to date.
 *
 * @param file see `openSqlite`
 * @param now wall-clock time in milliseconds, noted with the migrations that are applied
 * @throws {DatabaseSetupError} when that is not possible
 */
export function openSqliteUserStore(file: string, now: number): UserStore {
  const database = openSqlite({ file });
  migrate(database, userMigrations, now);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: kyselyDatabase(database) }) });

  return {
    find: (id) => db.selectFrom('users').select(columns).where('id', '=', id).executeTakeFirst(),
    list: ({ afterId, limit }) =>
      db.selectFrom('users').select(columns).where('id', '>', afterId).orderBy('id').limit(limit).execute(),
    add: ({ name, email }) =>
      withUniqueEmail(
        db
          .insertInto('users')
          .values({ name, email, email_key: emailKey(email) })
          .returning(columns)
          .executeTakeFirstOrThrow(),
      ),
    change: (id, { name, email }) =>
      withUniqueEmail(
        db
          .updateTable('users')
          .set({
            ...(name === undefined ? {} : { name }),
            ...(email === undefined ? {} : { email, email_key: emailKey(email) }),
          })
          .where('id', '=', id)
          .returning(columns)
          .executeTakeFirst(),
      ),
    async remove(id) {
      return (await db.deleteFrom('users').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;
    },
    async check() {
      await db.selectFrom('users').select('id').limit(1).execute();
    },
    close: () => db.destroy(),
  };
}

/** Leaves it to the database to say that an address is taken: asking first would leave time for another to take it. */
async function withUniqueEmail<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const fields = [{ field: '/email', code: 'EMAIL_OF_ANOTHER' }] as const;
    throw new AppError('EMAIL_TAKEN', { fields, cause: error });
  }
}
