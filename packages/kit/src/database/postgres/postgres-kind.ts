import { type Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import type { DatabaseServerLocation } from '../../config/index.ts';
import type { OpenDatabase, Seed } from '../database-kind.ts';
import { openServerKind, type ServerPoolOptions } from '../server/server-kind.ts';
import { connectPostgres } from './connect-postgres.ts';
import { postgresWords } from './schema-words.ts';

/** A number for the lock of seeds: the bytes of "flotilla" up to what a number holds exactly. Each database has its own locks. */
const seedLock = 0x66_6c_6f_74_69_6c;

/** Opens a database of the kind `postgres`. The driver is loaded only now. */
export async function openPostgresKind(
  location: DatabaseServerLocation,
  options: ServerPoolOptions,
): Promise<OpenDatabase> {
  const { default: driver } = await import('pg');
  return openServerKind(
    {
      name: 'postgres',
      words: postgresWords,
      connect: connectPostgres(driver, location),
      // The isolation is not the server's default, which its administrator may have changed. The mode is: a replica refuses to write.
      begin: ({ isolationLevel = 'read committed', accessMode = '' }) => [
        `BEGIN ISOLATION LEVEL ${isolationLevel} ${accessMode}`,
      ],
      sql: {
        createAdapter: () => new PostgresAdapter(),
        createQueryCompiler: () => new PostgresQueryCompiler(),
        createIntrospector: (db) => new PostgresIntrospector(db),
      },
      question: `SELECT CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' THEN 0 ELSE 1 END AS writable`,
      async tryLock(connection) {
        const { rows } = await sql<{
          readonly got: boolean;
        }>`SELECT pg_try_advisory_lock(${sql.lit(seedLock)}) AS got`.execute(connection);
        return rows[0]?.got === true;
      },
      seedIn,
    },
    options,
  );
}

/** An identity's sequence tells whether it has ever given an id; rows that came with theirs do not count there. */
async function seedIn(transaction: Kysely<unknown>, seed: Seed): Promise<boolean> {
  const table = sql.table(seed.table);
  const found = await sql<{ readonly used: boolean; readonly sequence: string }>`
    SELECT s.is_called OR EXISTS (SELECT 1 FROM ${table}) AS used, q.name AS sequence
    FROM (SELECT pg_get_serial_sequence(${seed.table}, 'id') AS name) AS q,
      LATERAL (SELECT last_value IS NOT NULL AS is_called FROM pg_sequences
        WHERE (quote_ident(schemaname) || '.' || quote_ident(sequencename))::regclass = q.name::regclass) AS s`.execute(
    transaction,
  );
  const [row] = found.rows;
  if (row === undefined || row.used) return false;
  await sql.raw(seed.sql).execute(transaction);
  await sql`SELECT setval(${row.sequence}::regclass, (SELECT max(id) FROM ${table}))`.execute(transaction);
  return true;
}
