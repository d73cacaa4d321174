import path from 'node:path';
import { startDatabaseServer } from '@flotilla/conformance/databases';

/** The databases that services are measured on. */
export const benchDatabases = ['sqlite', 'postgres', 'mariadb'] as const;
export type BenchDatabase = (typeof benchDatabases)[number];

/** The `DATABASE_URL` of each service. */
export interface ServiceUrls {
  readonly users: string;
  readonly orders: string;
}

/** Databases of both services, empty. */
export interface OpenedDatabase {
  readonly urls: ServiceUrls;
  stop(): Promise<void>;
}

/** Makes a database for each service: files in `folder`, or in a server of its own. Throws if the server is not installed. */
export async function openBenchDatabase(kind: BenchDatabase, folder: string): Promise<OpenedDatabase> {
  switch (kind) {
    case 'sqlite': {
      const file = (name: string): string => `sqlite:${path.join(folder, `${name}.db`)}`;
      return { urls: { users: file('users'), orders: file('orders') }, stop: () => Promise.resolve() };
    }
    case 'postgres':
    case 'mariadb': {
      const server = await startDatabaseServer(kind);
      return {
        urls: { users: await server.createDatabase('users'), orders: await server.createDatabase('orders') },
        stop: async () => server[Symbol.asyncDispose](),
      };
    }
    default:
      return kind satisfies never;
  }
}
