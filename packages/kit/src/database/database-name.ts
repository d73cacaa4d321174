import { basename } from 'node:path';
import type { DatabaseLocation } from '../config/index.ts';
import type { DatabaseName } from './statement-watch.ts';

/** What a database is called in spans and metrics. Its URL tells MariaDB from MySQL. */
export function databaseName(url: string, location: DatabaseLocation): DatabaseName {
  switch (location.kind) {
    case 'sqlite':
      return { system: 'sqlite', namespace: basename(location.file) };
    case 'postgres':
      return { system: 'postgresql', namespace: location.database };
    case 'mysql':
      return { system: /^mariadb:/i.test(url) ? 'mariadb' : 'mysql', namespace: location.database };
    default:
      return location satisfies never;
  }
}
