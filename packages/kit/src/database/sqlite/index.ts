// Without anything that needs Kysely: a program that uses SQLite directly does not load it.
export { DatabaseSetupError } from '../database-setup-error.ts';
export type { Migration } from '../migration.ts';
export { DatabaseCheck, type DatabaseCheckOptions } from './database-check.ts';
export { migrateSqlite } from './migrate-sqlite.ts';
export { type OpenSqliteOptions, openSqlite } from './open-sqlite.ts';
export { mapSqliteError } from './sqlite-errors.ts';
export { type WhenUnlockedOptions, whenUnlocked } from './when-unlocked.ts';
