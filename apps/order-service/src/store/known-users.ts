import { type Database, type PreparedQuery, type Transaction, UniqueViolation } from '@flotilla/kit/database';

interface Tables {
  readonly known_users: { readonly user_id: number; readonly deleted_at: number | null };
}

type KnownRow = Pick<Tables['known_users'], 'deleted_at'>;

/** What is known of a user. Ids are never used again, so `deleted` is for good. */
export type KnownState = 'exists' | 'deleted' | 'unknown';

/** The users that are known from the events of user-service. */
export class KnownUsers {
  readonly #database: Database<unknown>;
  readonly #byId: PreparedQuery<{ readonly id: number }, KnownRow>;
  readonly #held: PreparedQuery<{ readonly id: number }, KnownRow>;

  constructor(database: Database<unknown>) {
    // The table exists once the database is migrated; the builder's types do not depend on anything that the object holds.
    this.#database = database;
    this.#byId = this.#database.prepare(({ id }: { readonly id: number }) => rowOf(this.#database, id));
    this.#held = this.#database.prepare(({ id }: { readonly id: number }) => rowOf(this.#database, id).forShare());
  }

  async stateOf(id: number): Promise<KnownState> {
    return stateOf((await this.#byId({ id }))[0]);
  }

  /** As `stateOf`, and nobody says otherwise until the end of the transaction. Many may hold on to a user at a time. */
  async hold(transaction: Transaction, id: number): Promise<KnownState> {
    return stateOf((await this.#held({ id }, transaction))[0]);
  }

  /** Notes that a user exists, unless something is known of it already. */
  async note(id: number): Promise<void> {
    try {
      await queryOf(this.#database)
        .insertInto('known_users')
        .values({ user_id: id, deleted_at: null })
        .executeTakeFirst();
    } catch (error) {
      if (!(error instanceof UniqueViolation)) throw error;
    }
  }

  /** As `note`, for several at once. */
  async noteAll(transaction: Transaction, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    const query = queryOf(transaction);
    const known = await query.selectFrom('known_users').select('user_id').where('user_id', 'in', ids).execute();
    const before = new Set(known.map(({ user_id }) => user_id));
    const rows = ids.filter((id) => !before.has(id)).map((id) => ({ user_id: id, deleted_at: null }));
    if (rows.length > 0) await query.insertInto('known_users').values(rows).executeTakeFirst();
  }

  /** Notes that a user was deleted. Returns false if that was known. */
  async noteDeleted(transaction: Transaction, id: number, deletedAt: number): Promise<boolean> {
    const query = queryOf(transaction);
    // Waits for those who hold on to the user.
    const state = stateOf(await rowOf(transaction, id).forUpdate().executeTakeFirst());
    if (state === 'deleted') return false;
    if (state === 'unknown')
      await query.insertInto('known_users').values({ user_id: id, deleted_at: deletedAt }).executeTakeFirst();
    else
      await query
        .updateTable('known_users')
        .set({ deleted_at: deletedAt })
        .where('user_id', '=', id)
        .executeTakeFirst();
    return true;
  }

  /** The ids of users that exist as far as is known, above `after` and up to `last`. */
  async existing(after: number, last: number): Promise<readonly number[]> {
    const rows = await queryOf(this.#database)
      .selectFrom('known_users')
      .select('user_id')
      .where('user_id', '>', after)
      .where('user_id', '<=', last)
      .where('deleted_at', 'is', null)
      .execute();
    return rows.map(({ user_id }) => user_id);
  }

  /** Forgets all users: another database has others under the same ids. */
  async forgetAll(transaction: Transaction): Promise<void> {
    await queryOf(transaction).deleteFrom('known_users').executeTakeFirst();
  }
}

function stateOf(row: KnownRow | undefined): KnownState {
  if (row === undefined) return 'unknown';
  return row.deleted_at === null ? 'exists' : 'deleted';
}

function rowOf(place: Pick<Database<unknown>, 'query'>, id: number) {
  return queryOf(place).selectFrom('known_users').select('deleted_at').where('user_id', '=', id);
}

function queryOf({ query }: Pick<Database<unknown>, 'query'>): Database<Tables>['query'] {
  return query; // As in the constructor.
}
