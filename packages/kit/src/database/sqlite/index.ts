export { DatabaseCheck, type DatabaseCheckOptions } from './database-check.ts';
export { DatabaseSetupError } from '../database-setup-error.ts';
export { type KyselyDatabase, type KyselyStatement, kyselyDatabase } from './kysely-database.ts';
export { type Migration, migrate } from './migrate.ts';
export { type OpenSqliteOptions, openSqlite } from './open-sqlite.ts';
export { type Seed, seedOnce } from './seed.ts';
export { isUniqueViolation, mapSqliteError } from './sqlite-errors.ts';
export { type WhenUnlockedOptions, whenUnlocked } from './when-unlocked.ts';
