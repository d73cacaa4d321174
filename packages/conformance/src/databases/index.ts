export type { DatabaseAccount, DatabaseServer, DatabaseServerOptions } from './database-server.ts';
export { findMariadb, startMariadb } from './mariadb.ts';
export { findPostgres, startPostgres } from './postgres.ts';
