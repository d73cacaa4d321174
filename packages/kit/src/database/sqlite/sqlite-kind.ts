import type { Clock } from '@flotilla/contracts';
import {
  type Dialect,
  Kysely,
  type SelectModifierNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqliteLocation } from '../../config/index.ts';
import type { OpenDatabase } from '../database-kind.ts';
import type { StatementWatch } from '../statement-watch.ts';
import { DatabaseCheck } from './database-check.ts';
import { openSqlite } from './open-sqlite.ts';
import { sqliteWords } from './schema-words.ts';
import { seedOnce } from './seed.ts';
import { SqliteDriver } from './sqlite-driver.ts';
import { describeSqliteError, isBusy, sqliteFailure } from './sqlite-errors.ts';

/** Opens a database of the kind `sqlite`; see `openSqlite` for how, and for what it throws. */
export function openSqliteKind({ file }: SqliteLocation, clock: Clock, watch?: StatementWatch): OpenDatabase {
  const database = openSqlite({ file });
  const driver = new SqliteDriver(database, clock, watch);
  const check = new DatabaseCheck(database, { clock, whenFree: (run) => driver.runWhenFree(undefined, run) });
  const dialect = dialectOf(driver);
  return {
    name: 'sqlite',
    dialect,
    words: sqliteWords,
    run: (sql, parameters) => driver.runAlone(sql, parameters),
    begin: () => driver.begin(),
    forMigrations: (work) => work(new Kysely({ dialect })),
    async runScript(sql) {
      driver.runScript(sql);
    },
    seedOnce: (seed) => driver.run(undefined, () => seedOnce(database, seed)),
    check: () => check.run(),
    close: () => driver.destroy(),
    isBusy,
    failureOf: sqliteFailure,
    describe: describeSqliteError,
  };
}

function dialectOf(driver: SqliteDriver): Dialect {
  return {
    createDriver: () => driver,
    createAdapter: () => new SharingAdapter(),
    createQueryCompiler: () => new LocklessCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** Leaves out `FOR UPDATE` and `FOR SHARE`, which SQLite does not know: a transaction excludes all other writers from its beginning. */
class LocklessCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier !== 'ForUpdate' && node.modifier !== 'ForShare') super.visitSelectModifier(node);
  }
}

/** Methods of the driver in addition to Kysely's. */
class SharingAdapter extends SqliteAdapter {
  /** The driver gives transactions the connection to themselves; Kysely would queue every statement. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
