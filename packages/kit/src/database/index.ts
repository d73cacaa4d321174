// Types for stores. The query builder itself comes with the database.
export type { Expression, ExpressionBuilder, Generated, SqlBool } from 'kysely';
export type { AppliedMigration } from './compare-migrations.ts';
export type { DatabaseDefinition } from './database-definition.ts';
export type { Seed } from './database-kind.ts';
export { DatabaseSetupError } from './database-setup-error.ts';
export type { Migrated } from './migrating/migrate.ts';
export type { UnfinishedMigration } from './migrating/migration-history.ts';
export type { MigrationState } from './migrating/migration-state.ts';
export type { MigrationTarget } from './migrating/plan-migrations.ts';
export type { Migration, SchemaWords } from './migration.ts';
export {
  type Database,
  type DatabaseOptions,
  openDatabase,
  type StartingDatabase,
  startDatabase,
} from './open-database.ts';
export {
  type DatabaseMigrations,
  type OpenMigrationsOptions,
  openMigrations,
  type PlannedScript,
} from './open-migrations.ts';
export type { PreparedQuery } from './prepare-query.ts';
export {
  type Changes,
  type NewRecord,
  type RecordChange,
  type RecordDatabase,
  type RecordRow,
  type RecordStore,
  type RecordStoreOptions,
  recordStore,
} from './record-store.ts';
export type { ColumnValue, ColumnValues } from './table-row.ts';
export type { Transaction } from './transaction.ts';
export { UniqueViolation } from './unique-violation.ts';
