import { existsSync } from 'node:fs';
import { databaseLocation } from '../config/index.ts';
import type { OpenDatabase } from './database-kind.ts';
import { type Migrated, migrateDown, migrateUp } from './migrating/migrate.ts';
import { type MigrationState, readMigrationState } from './migrating/migration-state.ts';
import { type MigrationTarget, type PlannedMigration, planDown, planUp } from './migrating/plan-migrations.ts';
import { splitStatements } from './migrating/statements.ts';
import { type DatabaseOptions, migrateOptions, openKind } from './open-database.ts';
import { describeCause, startError } from './setup-advice.ts';

/** Which database to migrate, and how. */
export interface OpenMigrationsOptions extends DatabaseOptions {
  /** Whether to look only: a file that does not exist is then not made, and looks like an empty database. */
  readonly look: boolean;
}

/** One migration that would run. */
export interface PlannedScript {
  readonly id: string;
  /** What it would run; empty for a retired one. */
  readonly sql: string;
}

/** The migrations of a database, for a command. Whatever fails throws as `openDatabase` does. */
export interface DatabaseMigrations {
  state(): Promise<MigrationState>;
  /** What would run. */
  plan(direction: 'up' | 'down', target: MigrationTarget): Promise<readonly PlannedScript[]>;
  run(direction: 'up' | 'down', target: MigrationTarget): Promise<Migrated>;
  /** What an error says, as a phrase. */
  describe(error: unknown): string;
  close(): Promise<void>;
}

/** Opens a database to look at its migrations, and to run them or take them back. */
export async function openMigrations(options: OpenMigrationsOptions): Promise<DatabaseMigrations> {
  const { migrations } = options;
  const place = databaseLocation(options.url);
  const absent = options.look && place.kind === 'sqlite' && !existsSync(place.file);
  const kind = await openKind(absent ? { kind: 'sqlite', file: ':memory:' } : place, options);
  const how = migrateOptions(options);
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw startError(error, kind, place);
    }
  };
  const state = (): Promise<MigrationState> =>
    kind.forMigrations((connection) => readMigrationState(connection, kind, migrations));
  return {
    state: () => explained(state),
    plan: (direction, target) =>
      explained(async () => {
        const now = await state();
        const planned =
          direction === 'up' ? planUp(now, target, kind.words) : planDown(now, migrations, target, kind.words);
        return planned.map((one) => scriptOf(one, now, kind.name));
      }),
    run: (direction, target) =>
      explained(() => (direction === 'up' ? migrateUp(kind, how, target) : migrateDown(kind, how, target))),
    describe: (error) => describeCause(error, kind),
    close: () => kind.close(),
  };
}

function scriptOf(
  { migration: { id }, sql }: PlannedMigration,
  { unfinished }: MigrationState,
  kind: OpenDatabase['name'],
): PlannedScript {
  if (unfinished?.id !== id) return { id, sql };
  const left = splitStatements(sql, kind === 'mysql' ? 'mysql' : 'postgres').slice(unfinished.done);
  return { id, sql: left.map((statement) => `${statement};`).join('\n') };
}
