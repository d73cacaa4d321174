import { after, before } from 'node:test';
import type { Engine } from '../registries/engine.ts';
import type { DatabaseServer, DatabaseServerOptions } from './database-server.ts';

/** The server of all tests of a file: it is started before the first, and ends after the last. Each test uses its own database. */
export function sharedServer(
  engine: Extract<Engine, { kind: 'found' }>,
  start: (path: string, options?: DatabaseServerOptions) => Promise<DatabaseServer>,
  options: DatabaseServerOptions = {},
): () => DatabaseServer {
  let server: DatabaseServer | undefined;
  before(async () => {
    server = await start(engine.path, options);
  });
  after(() => server?.[Symbol.asyncDispose]());
  return () => {
    if (server === undefined) throw new Error('The server is used before the first test');
    return server;
  };
}
