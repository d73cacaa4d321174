export { DatabaseSetupError } from '../database-setup-error.ts';
export { DatabaseCheck, type DatabaseCheckOptions } from './database-check.ts';
export { type Migration, migrate } from './migrate.ts';
export { type OpenSqliteOptions, openSqlite } from './open-sqlite.ts';
export { mapSqliteError } from './sqlite-errors.ts';
export { openSqliteKind } from './sqlite-kind.ts';
export { type WhenUnlockedOptions, whenUnlocked } from './when-unlocked.ts';
