import type { Reading } from '@flotilla/contracts';
import { ConfigurationError } from './configuration-error.ts';
import { type DatabaseServerLocation, readServerUrl, serverSchemes } from './database-server-url.ts';
import { newSetting, type Setting } from './setting.ts';

/** A database in a file. */
export interface SqliteLocation {
  readonly kind: 'sqlite';
  /** Relative to the working directory unless absolute; `:memory:` is a database that lasts as long as the process. */
  readonly file: string;
}

/** Where a database is, read from `DATABASE_URL`. */
export type DatabaseLocation = SqliteLocation | DatabaseServerLocation;

/** The kinds of URLs, for messages. */
const known = 'sqlite:, postgres://, mysql:// and mariadb:// are supported';

/**
 * Reads a `DATABASE_URL`: `sqlite:data/user-service.db`, `sqlite:///var/lib/x.db`, `sqlite::memory:`,
 * `postgres://user:password@host/database`, `mysql://…`, `mariadb://…`.
 */
export function readDatabaseUrl(raw: string, example: string): Reading<DatabaseLocation> {
  if (/^sqlite:/i.test(raw)) {
    // `sqlite:///x` has an empty authority before an absolute path; `sqlite:x` is a path as it stands.
    const file = raw.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    if (file.startsWith('//'))
      return {
        ok: false,
        problem: 'names a host, but SQLite is a file: use sqlite:<path> or sqlite:///<absolute path>',
      };
    if (file === '' || file.includes('\0')) return { ok: false, problem: 'does not name a file after sqlite:' };
    return { ok: true, value: { kind: 'sqlite', file } };
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(raw)?.[1]?.toLowerCase();
  const kind = scheme === undefined ? undefined : serverSchemes.get(scheme);
  if (kind !== undefined) return readServerUrl(raw, kind);
  if (scheme !== undefined) return { ok: false, problem: `has the scheme ${scheme}:, but only ${known}` };
  if (/^[^\s/]+:\d+(?:\/.*)?$/.test(raw))
    return { ok: false, problem: `is only a host and port; write a URL that names the kind of database: ${example}` };
  return { ok: false, problem: `is not a database URL; ${known}, such as ${example}` };
}

/** Where the database is, from a `DATABASE_URL` that the configuration has accepted. Throws an `Error` for any other text. */
export function databaseLocation(databaseUrl: string): DatabaseLocation {
  const reading = readDatabaseUrl(databaseUrl, 'sqlite:data/example.db');
  if (!reading.ok) throw new Error(`The database URL ${reading.problem}`);
  return reading.value;
}

/**
 * The file of a `DATABASE_URL` that the configuration has accepted, for a program that keeps its data in SQLite only.
 *
 * @throws {ConfigurationError} when the URL names another kind
 */
export function sqliteFile(databaseUrl: string): string {
  const location = databaseLocation(databaseUrl);
  if (location.kind === 'sqlite') return location.file;
  throw new ConfigurationError(
    'DATABASE_URL names a database server, but this program keeps its data in SQLite. Name a file, such as sqlite:data/registry.db',
  );
}

/** `DATABASE_URL`: checked here, kept as text. */
export function databaseUrl(options: { readonly default: string; readonly describe: string }): Setting<string> {
  return newSetting(
    {
      expects: `a database URL such as ${options.default} or postgres://user:password@host:5432/database`,
      standsAlone: false,
      read(raw) {
        const reading = readDatabaseUrl(raw, options.default);
        return reading.ok ? { ok: true, value: raw } : reading;
      },
    },
    { ...options, local: 'Each service has its own database, and the URL may hold a password.' },
  );
}
