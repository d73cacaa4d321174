import type { Reading } from '@flotilla/contracts';
import { newSetting, type Setting } from './setting.ts';

/** Where a database is, read from `DATABASE_URL`. */
export interface DatabaseLocation {
  readonly kind: 'sqlite';
  /** A file, relative to the working directory unless absolute; `:memory:` is a database that lasts as long as the process. */
  readonly file: string;
}

/** Reads a `DATABASE_URL`: `sqlite:data/user-service.db`, `sqlite:///var/lib/x.db`, `sqlite::memory:`. */
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
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(raw)?.[1];
  if (scheme !== undefined)
    return { ok: false, problem: `has the scheme ${scheme}:, but only sqlite: is supported, such as ${example}` };
  if (/^[^\s/]+:\d+(?:\/.*)?$/.test(raw))
    return { ok: false, problem: `is only a host and port; write a URL that names the kind of database: ${example}` };
  return { ok: false, problem: `is not a database URL; only sqlite: is supported, such as ${example}` };
}

/** Where the database is, from a `DATABASE_URL` that the configuration has accepted. Throws an `Error` for any other text. */
export function databaseLocation(databaseUrl: string): DatabaseLocation {
  const reading = readDatabaseUrl(databaseUrl, 'sqlite:data/example.db');
  if (!reading.ok) throw new Error(`The database URL ${reading.problem}`);
  return reading.value;
}

/** `DATABASE_URL`: checked here, kept as text. */
export function databaseUrl(options: { readonly default: string; readonly describe: string }): Setting<string> {
  return newSetting(
    {
      expects: `a database URL such as ${options.default} (only sqlite: is supported)`,
      standsAlone: false,
      read(raw) {
        const reading = readDatabaseUrl(raw, options.default);
        return reading.ok ? { ok: true, value: raw } : reading;
      },
    },
    { ...options, local: 'Each service has its own database, and the URL may hold a password.' },
  );
}
