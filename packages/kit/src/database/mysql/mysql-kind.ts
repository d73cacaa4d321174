import { createHash } from 'node:crypto';
import { type Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, type SelectModifierNode, sql } from 'kysely';
import type { DatabaseServerLocation } from '../../config/index.ts';
import type { OpenDatabase, Seed } from '../database-kind.ts';
import { openServerKind, type ServerPoolOptions } from '../server/server-kind.ts';
import { connectMysql } from './connect-mysql.ts';
import { mysqlWords } from './schema-words.ts';

/** Opens a database of the kind `mysql`, on MySQL or MariaDB. The driver is loaded only now. */
export async function openMysqlKind(
  location: DatabaseServerLocation,
  options: ServerPoolOptions,
): Promise<OpenDatabase> {
  const { default: driver } = await import('mysql2');
  // A server's locks are common to its databases, and their names have at most 64 characters.
  const lockName = `flotilla-${createHash('sha256').update(location.database).digest('hex').slice(0, 32)}`;
  return openServerKind(
    {
      name: 'mysql',
      words: mysqlWords,
      connect: connectMysql(driver, location),
      begin: ({ isolationLevel, accessMode = '' }) => [
        // Else, that of the session.
        ...(isolationLevel === undefined ? [] : [`SET TRANSACTION ISOLATION LEVEL ${isolationLevel}`]),
        `START TRANSACTION ${accessMode}`,
      ],
      sql: {
        createAdapter: () => new MysqlAdapter(),
        createQueryCompiler: () => new SharingCompiler(),
        createIntrospector: (db) => new MysqlIntrospector(db),
      },
      // Some versions say it with a number, others with a word.
      question: "SELECT CASE WHEN @@global.read_only IN ('0', 'OFF') THEN 1 ELSE 0 END AS writable",
      async tryLock(connection) {
        const { rows } = await sql<{ readonly got: number }>`SELECT GET_LOCK(${lockName}, 0) AS got`.execute(
          connection,
        );
        return Number(rows[0]?.got) === 1;
      },
      seedIn,
    },
    options,
  );
}

/** Writes `FOR SHARE` as MariaDB knows it, too. */
class SharingCompiler extends MysqlQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier === 'ForShare') this.append('lock in share mode');
    else super.visitSelectModifier(node);
  }
}

/** A table's counter tells whether it has ever given an id. */
async function seedIn(transaction: Kysely<unknown>, seed: Seed): Promise<boolean> {
  const found = await sql<{ readonly 'Create Table': string }>`SHOW CREATE TABLE ${sql.table(seed.table)}`.execute(
    transaction,
  );
  if (/\) .*AUTO_INCREMENT=\d/.test(found.rows[0]?.['Create Table'] ?? '')) return false;
  await sql.raw(seed.sql).execute(transaction);
  return true;
}
