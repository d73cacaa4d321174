import { downChecksumOf } from '../compare-migrations.ts';
import type { OpenDatabase } from '../database-kind.ts';
import { DatabaseSetupError } from '../database-setup-error.ts';
import type { Migration, SchemaWords } from '../migration.ts';
import type { Direction, UnfinishedMigration } from './migration-history.ts';
import type { MigrationState } from './migration-state.ts';

/**
 * How far to migrate. `to`, up: this migration is the last to run; down: it is the last one that stays, and undefined stands
 * for none.
 */
export type MigrationTarget =
  | { readonly kind: 'all' }
  | { readonly kind: 'steps'; readonly steps: number }
  | { readonly kind: 'to'; readonly id: string | undefined };

/** One migration to run. */
export interface PlannedMigration {
  readonly migration: Migration;
  readonly direction: Direction;
  /** What to run; empty for a retired one. */
  readonly sql: string;
}

/** The missing migrations, in order. @throws {DatabaseSetupError} when a half-done one is in their way */
export function planUp(
  { pending, unfinished }: Pick<MigrationState, 'pending' | 'unfinished'>,
  target: MigrationTarget,
  words: SchemaWords,
): readonly PlannedMigration[] {
  if (unfinished?.direction === 'down') throw halfDone(unfinished, 'It is being taken back', 'migrate down');
  const [next] = pending;
  if (unfinished !== undefined && next !== undefined && next.id < unfinished.id)
    throw new DatabaseSetupError(
      `migrations/${next.id}.ts comes before ${unfinished.id}, which is half done. Give it a higher number, so that every database gets the migrations in the same order`,
    );
  return upTo(pending, target).map((migration) => ({
    migration,
    direction: 'up',
    sql: 'retired' in migration ? '' : migration.sql(words),
  }));
}

function upTo(pending: readonly Migration[], target: MigrationTarget): readonly Migration[] {
  switch (target.kind) {
    case 'all':
      return pending;
    case 'steps':
      return pending.slice(0, target.steps);
    case 'to': {
      const { id: last = '' } = target;
      return pending.filter(({ id }) => id <= last);
    }
    default:
      return target satisfies never;
  }
}

/** The applied migrations to take back, the last one first. @throws {DatabaseSetupError} when one cannot be taken back */
export function planDown(
  { applied, unfinished }: Pick<MigrationState, 'applied' | 'unfinished'>,
  migrations: readonly Migration[],
  target: MigrationTarget,
  words: SchemaWords,
): readonly PlannedMigration[] {
  if (unfinished?.direction === 'up') throw halfDone(unfinished, 'It has not ended', 'migrate up');
  const ids = applied.map(({ id }) => id);
  const kept = keptBy(target, ids);
  const known = new Map(migrations.map((migration) => [migration.id, migration]));
  return ids
    .slice(kept)
    .reverse()
    .map((id) => takingBack(id, known.get(id), words));
}

/** How many of the applied migrations stay. */
function keptBy(target: MigrationTarget, ids: readonly string[]): number {
  switch (target.kind) {
    case 'all':
      return 0;
    case 'steps':
      return Math.max(0, ids.length - target.steps);
    case 'to': {
      const { id: last = '' } = target;
      return ids.filter((id) => id <= last).length;
    }
    default:
      return target satisfies never;
  }
}

function takingBack(id: string, migration: Migration | undefined, words: SchemaWords): PlannedMigration {
  if (migration === undefined)
    throw new DatabaseSetupError(
      `Only a newer version has the migration ${id}. Take it back with that version; nothing was changed`,
    );
  if ('retired' in migration) return { migration, direction: 'down', sql: '' };
  if (migration.down === undefined || downChecksumOf(migration, words) === null)
    throw new DatabaseSetupError(
      `migrations/${id}.ts cannot be taken back: it has no down. Write one, or put things right with a new migration; nothing was changed`,
    );
  return { migration, direction: 'down', sql: migration.down(words) };
}

function halfDone({ id, done, of }: UnfinishedMigration, what: string, command: string): DatabaseSetupError {
  return new DatabaseSetupError(
    `The migration ${id} is half done. ${what}: ${done} of ${of} statements have taken effect. Finish it with ${command}`,
  );
}

/** Whether a migration runs in one transaction with others; otherwise its statements run one by one, and each is final. */
export function runsWhole(kind: OpenDatabase['name'], migration: Migration): boolean {
  switch (kind) {
    case 'sqlite':
      return true;
    case 'postgres':
      return 'retired' in migration || migration.withoutTransaction !== true;
    case 'mysql':
      // A statement that changes a table ends the transaction.
      return false;
    default:
      return kind satisfies never;
  }
}
