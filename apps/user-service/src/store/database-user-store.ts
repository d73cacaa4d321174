import { AppError, fieldProblem } from '@flotilla/contracts';
import {
  type DatabaseOptions,
  type Expression,
  type ExpressionBuilder,
  type Generated,
  openDatabase,
  type SqlBool,
  UniqueViolation,
} from '@flotilla/kit/database';
import type { PageRequest } from '@flotilla/kit/resource';
import { emailKey, type User, userErrors, userFieldErrors } from '@flotilla/user-contract';
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

/** What {@link openUserStore} opens. */
export interface UserStoreOptions extends Pick<DatabaseOptions, 'url' | 'clock'> {
  /** Whether a database that never had a user is given the demonstration's. */
  readonly seedDemoData: boolean;
}

/**
 * Opens the users' database, and brings it up to date.
 *
 * @throws {DatabaseSetupError} when that is not possible
 */
export async function openUserStore({ seedDemoData, ...where }: UserStoreOptions): Promise<UserStore> {
  const seed = seedDemoData ? demoUsers : undefined;
  const database = await openDatabase<Tables>({ ...where, migrations: userMigrations, seed });
  const { query } = database;
  const byId = database.prepare(({ id }: { readonly id: number }) =>
    query.selectFrom('users').select(columns).where('id', '=', id),
  );
  const page = database.prepare(({ afterId, limit }: PageRequest) =>
    query.selectFrom('users').select(columns).where('id', '>', afterId).orderBy('id').limit(limit),
  );
  return {
    find: async (id) => (await byId({ id }))[0],
    list: page,
    add: ({ name, email }) =>
      withUniqueEmail(
        query
          .insertInto('users')
          .values({ name, email, email_key: emailKey(email) })
          .returning(columns)
          .executeTakeFirstOrThrow(),
      ),
    change: (id, { name, email }, expected) =>
      withUniqueEmail(
        query
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
      query.deleteFrom('users').where(isStill(id, expected)).returning(columns).executeTakeFirst(),
    check: () => database.check(),
    close: () => database.close(),
  };
}

/** Compares in the statement that writes: between two statements another writer could come. */
function isStill(id: number, expected: User | undefined) {
  return (row: ExpressionBuilder<Tables, 'users'>): Expression<SqlBool> =>
    row.and(expected === undefined ? { id } : { id, name: expected.name, email: expected.email });
}

/** Leaves it to the database to say that an address is taken: asking first would leave time for another to take it. */
async function withUniqueEmail<T>(written: Promise<T>): Promise<T> {
  try {
    return await written;
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error;
    const fields = [fieldProblem('/email', userFieldErrors.EMAIL_OF_ANOTHER)];
    throw new AppError(userErrors.EMAIL_TAKEN, { fields, cause: error });
  }
}
