import type { DatabaseServer } from './database-server.ts';
import { findMariadb, startMariadb } from './mariadb.ts';
import { findPostgres, startPostgres } from './postgres.ts';

/** Starts the server of a kind of database, for a program that cannot do without. Throws if it is not installed. */
export async function startDatabaseServer(kind: 'postgres' | 'mariadb'): Promise<DatabaseServer> {
  const engine = kind === 'postgres' ? await findPostgres() : findMariadb();
  if (engine.kind === 'missing') throw new Error(engine.reason);
  return kind === 'postgres' ? startPostgres(engine.path) : startMariadb(engine.path);
}
