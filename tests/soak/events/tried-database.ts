import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type DatabaseServer, startDatabaseServer } from '@flotilla/conformance/databases';

/** A database of a program, into which the test looks. */
export interface TriedDatabase {
  /** Its `DATABASE_URL`. */
  readonly url: string;
  /** Runs a statement beside the program, and gives what it returns as texts. */
  rows(sql: string): Promise<readonly (readonly string[])[]>;
}

/** Where databases are made. */
export interface DatabaseMaker extends AsyncDisposable {
  make(name: string): Promise<TriedDatabase>;
}

/** The kinds of databases that can be tried. */
export type TriedKind = 'sqlite' | 'postgres' | 'mariadb';

/** Databases of a kind, gone with it. Throws if its server is not installed. */
export async function databasesOf(kind: TriedKind): Promise<DatabaseMaker> {
  switch (kind) {
    case 'sqlite':
      return filesIn(mkdtempSync(join(tmpdir(), 'flotilla-event-kills-')));
    case 'postgres':
    case 'mariadb':
      return databasesAt(await startDatabaseServer(kind));
    default:
      return kind satisfies never;
  }
}

function filesIn(folder: string): DatabaseMaker {
  return {
    async make(name) {
      const file = join(folder, `${name}.db`);
      return {
        url: `sqlite:${file}`,
        async rows(sql) {
          const database = new DatabaseSync(file, { timeout: 2_000 });
          try {
            return database
              .prepare(sql)
              .all()
              .map((row) => Object.values(row).map(String));
          } finally {
            database.close();
          }
        },
      };
    },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function databasesAt(server: DatabaseServer): DatabaseMaker {
  return {
    async make(name) {
      const url = await server.createDatabase(name);
      return {
        url,
        async rows(sql) {
          const text = await server.sql(sql, name);
          return text === '' ? [] : text.split('\n').map((line) => line.split('\t'));
        },
      };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
