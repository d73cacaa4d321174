import { AppError, type Clock } from '@flotilla/contracts';
import type { Kysely } from 'kysely';
import type { OpenDatabase } from '../database-kind.ts';
import { DatabaseSetupError } from '../database-setup-error.ts';
import type { Migration } from '../migration.ts';
import { MigrationHeldUp } from './migration-held-up.ts';
import { attemptAlone } from './migration-lock.ts';
import { type MigrationState, readMigrationState } from './migration-state.ts';
import { type MigrationTarget, type PlannedMigration, planDown, planUp, runsWhole } from './plan-migrations.ts';
import { PlannedRun } from './run-planned.ts';

/** How to migrate. */
export interface MigrateOptions {
  /** In the order of their ids; those whose SQL is blank, or only comments, are skipped. */
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
  /** How long to wait while another process migrates, in milliseconds. Default 60000: most migrations take seconds. */
  readonly waitMs?: number | undefined;
  /**
   * How long a statement may wait for what others have locked, in milliseconds. Default 5000: whoever comes after a statement
   * that waits for a table waits too, so a long wait stops the service.
   */
  readonly lockTimeoutMs?: number | undefined;
  /** Called once if another process migrates, so that somebody learns what is waited for. */
  readonly onWait?: (() => void) | undefined;
  /** Called for each migration once it has run for good: what others fail at later does not take it back. */
  readonly onMigrated?: ((id: string) => void) | undefined;
}

/** What was done. */
export interface Migrated {
  /** The migrations that ran now, in this order; retired ones too. */
  readonly ran: readonly string[];
  /** Applied migrations that only a newer release has, and that say that this one works with them. */
  readonly newer: readonly string[];
}

/** How long to wait before another look at whether somebody still migrates. */
const retryMs = 100;
const defaultWaitMs = 60_000;
const defaultLockTimeoutMs = 5_000;

/**
 * Applies the migrations that a database lacks; several processes may do so at once. Where the database can, all run in one
 * transaction, and one that fails leaves nothing behind; otherwise they run statement by statement. The checksum of each
 * migration's SQL is kept, and compared at every start. If nothing is missing, nothing is written.
 *
 * @throws {DatabaseSetupError} when a migration has changed, is missing, comes too late or fails
 * @throws {AppError} STORAGE_UNAVAILABLE when the database is away, or others keep it locked; try again
 */
export function migrateUp(
  kind: OpenDatabase,
  options: MigrateOptions,
  target: MigrationTarget = { kind: 'all' },
): Promise<Migrated> {
  return migrate(kind, options, (state) => planUp(state, target, kind.words));
}

/**
 * Takes applied migrations back, the last one first.
 *
 * @throws {DatabaseSetupError} when one cannot be taken back, or its down fails
 * @throws {AppError} STORAGE_UNAVAILABLE as for {@link migrateUp}
 */
export function migrateDown(kind: OpenDatabase, options: MigrateOptions, target: MigrationTarget): Promise<Migrated> {
  return migrate(kind, options, (state) => planDown(state, options.migrations, target, kind.words));
}

/**
 * Looks whether a database has all migrations, and writes nothing.
 *
 * @throws {DatabaseSetupError} when one is missing, half done or has changed
 */
export function requireMigrated(kind: OpenDatabase, migrations: readonly Migration[]): Promise<Migrated> {
  return kind.forMigrations(async (connection) => {
    const state = await readMigrationState(connection, kind, migrations);
    const missing = planUp(state, { kind: 'all' }, kind.words).map(({ migration }) => migration.id);
    if (missing.length > 0) {
      const what = missing.length === 1 ? 'a migration' : `${missing.length} migrations`;
      throw new DatabaseSetupError(
        `The database lacks ${what} (${missing.join(', ')}), and DATABASE_MIGRATE=never forbids to apply ${missing.length === 1 ? 'it' : 'them'} at the start. Run this program with the arguments "migrate up" first`,
      );
    }
    return { ran: [], newer: state.newer.map(({ id }) => id) };
  });
}

type Plan = (state: MigrationState) => readonly PlannedMigration[];

function migrate(kind: OpenDatabase, options: MigrateOptions, plan: Plan): Promise<Migrated> {
  return kind.forMigrations(async (connection) => {
    const ran: string[] = [];
    const note = (id: string): void => {
      ran.push(id);
      options.onMigrated?.(id);
    };
    let state = await readMigrationState(connection, kind, options.migrations);
    // What is planned first is the goal, whatever others do meanwhile.
    const goal = new Set(plan(state).map(({ migration }) => migration.id));
    const ours: Plan = (now) => plan(now).filter(({ migration }) => goal.has(migration.id));
    for (;;) {
      const [next] = ours(state);
      if (next === undefined && state.unnoted.length === 0) {
        return { ran, newer: state.newer.map(({ id }) => id) };
      }
      const whole = next === undefined || runsWhole(kind.name, next.migration);
      const committed = await runNext(kind, connection, options, { plan: ours, whole, note });
      for (const id of committed) note(id);
      state = await readMigrationState(connection, kind, options.migrations);
    }
  });
}

interface Next {
  readonly plan: Plan;
  readonly whole: boolean;
  /** Called for what is final at once. */
  readonly note: (id: string) => void;
}

/**
 * Waits until nobody else migrates, and runs what is missing then, as far as it goes in one way. Returns what has become final
 * with the end of the transaction.
 */
async function runNext(
  kind: OpenDatabase,
  connection: Kysely<unknown>,
  options: MigrateOptions,
  next: Next,
): Promise<readonly string[]> {
  const { clock, waitMs = defaultWaitMs, lockTimeoutMs = defaultLockTimeoutMs } = options;
  const endMs = clock.monotonicMs() + waitMs;
  let told = false;
  for (;;) {
    const attempt = await attemptAlone(kind, connection, { whole: next.whole, lockTimeoutMs }, (db) =>
      runAlone(kind, db, options, next),
    );
    if (attempt.kind === 'done') return attempt.value;
    if (clock.monotonicMs() >= endMs) {
      throw new AppError('STORAGE_UNAVAILABLE', { cause: elsewhere(waitMs) });
    }
    if (!told) options.onWait?.();
    told = true;
    // The clock's timers keep no process alive, and a starting program has nothing else yet that does.
    const alive = setInterval(() => undefined, 60_000);
    await new Promise<void>((resolve) => void clock.after(retryMs, resolve));
    clearInterval(alive);
  }
}

async function runAlone(
  kind: OpenDatabase,
  db: Kysely<unknown>,
  { migrations, clock, lockTimeoutMs = defaultLockTimeoutMs }: MigrateOptions,
  { plan, whole, note }: Next,
): Promise<readonly string[]> {
  const run = new PlannedRun(kind, db, clock, lockTimeoutMs);
  await run.prepare();
  const state = await readMigrationState(db, kind, migrations);
  const ran: string[] = [];
  let { unfinished } = state;
  for (const planned of plan(state)) {
    if (runsWhole(kind.name, planned.migration) !== whole) break;
    const { id } = planned.migration;
    if (whole) {
      await run.whole(planned);
      ran.push(id);
    } else {
      await run.byStatement(planned, unfinished);
      note(id);
      unfinished = undefined;
    }
  }
  await run.noteAdditions(state.unnoted);
  return ran;
}

function elsewhere(waitMs: number): MigrationHeldUp {
  return new MigrationHeldUp(
    `another process has been migrating the database for more than ${waitMs} ms (DATABASE_MIGRATE_WAIT_MS)`,
  );
}
