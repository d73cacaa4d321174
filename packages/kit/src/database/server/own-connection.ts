import type { Clock } from '@flotilla/contracts';
import { PooledConnection } from './pooled-connection.ts';
import type { ServerConnection } from './server-connection.ts';
import type { ConnectionSource } from './server-driver.ts';

/** A source of connections of which each is opened when it is asked for, and closed when it is given back. */
export function ownConnections(open: () => Promise<ServerConnection>, clock: Clock): ConnectionSource {
  const unwatched = { begun() {}, heard() {}, failed() {} };
  return {
    acquire: async () => new PooledConnection(await open(), clock, unwatched),
    release: (connection) => connection.end(),
    close() {},
  };
}
