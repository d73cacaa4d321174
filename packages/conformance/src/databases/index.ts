export { type CartDatabase, type CartRow, openCarts } from './carts.ts';
export type { DatabaseAccount, DatabaseServer, DatabaseServerOptions } from './database-server.ts';
export { describeMigrations, type MigrationTraits } from './describe-migrations.ts';
export { describeServer, type ServerSql } from './describe-server.ts';
export { describeValues } from './describe-values.ts';
export { describeWriters } from './describe-writers.ts';
export { findMariadb, startMariadb } from './mariadb.ts';
export { findPostgres, startPostgres } from './postgres.ts';
export { sharedServer } from './shared-server.ts';
