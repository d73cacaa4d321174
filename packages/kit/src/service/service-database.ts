import type { Logger } from '@flotilla/contracts';
import {
  type CommonSettings,
  type ConfigOf,
  choice,
  type DatabaseSettings,
  databaseSettings,
  durationMs,
  flag,
  type Setting,
  type Settings,
} from '../config/index.ts';
import type { Database, DatabaseDefinition, DatabaseOptions, StartingDatabase } from '../database/index.ts';
import type { ProgramContext } from './definitions.ts';

interface MigrationSettings extends Settings {
  readonly DATABASE_MIGRATE: Setting<'start' | 'never'>;
  readonly DATABASE_MIGRATE_WAIT_MS: Setting<number>;
  readonly DATABASE_MIGRATE_LOCK_TIMEOUT_MS: Setting<number>;
}

/** The values of the settings that say how to open a database. */
type Values = ConfigOf<CommonSettings> &
  ConfigOf<DatabaseSettings> &
  ConfigOf<MigrationSettings> & { readonly SEED_DEMO_DATA?: boolean };

/** The settings that a service has because of its database. */
export function settingsOfDatabase(
  definition: DatabaseDefinition | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  if (definition === undefined) return {};
  const demoData = flag({
    describe: 'Add the example rows to a new database; off by default if NODE_ENV is production',
    default: env['NODE_ENV'] !== 'production',
  });
  return {
    ...databaseSettings(),
    ...migrationSettings(),
    ...(definition.demoData === undefined ? {} : { SEED_DEMO_DATA: demoData }),
  };
}

function migrationSettings(): MigrationSettings {
  return {
    DATABASE_MIGRATE: choice(['start', 'never'], {
      describe:
        'When to migrate the database: start, at each start; never, only by the command migrate, and a start fails if a migration is missing',
      default: 'start',
    }),
    DATABASE_MIGRATE_WAIT_MS: durationMs({
      describe: 'How long to wait while another instance migrates the database',
      default: 60_000,
      max: 86_400_000,
    }),
    DATABASE_MIGRATE_LOCK_TIMEOUT_MS: durationMs({
      describe:
        'How long a statement of a migration waits for tables that others have locked. Whoever comes after it waits as well',
      default: 5_000,
      min: 100,
      max: 3_600_000,
    }),
  };
}

/** The settings of the database alone, for commands that need no others. */
export function settingsForDatabase(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name.startsWith('DATABASE_')));
}

/** How to open the database of a service, by the values of all its settings. */
export function databaseOptions(
  { migrations, demoData }: DatabaseDefinition,
  values: Readonly<Record<string, unknown>>,
): DatabaseOptions {
  // `settingsOfDatabase` has added them.
  const config = values as unknown as Values;
  return {
    url: config.DATABASE_URL,
    migrations,
    seed: config.SEED_DEMO_DATA === true ? demoData : undefined,
    poolSize: config.DATABASE_POOL_SIZE,
    statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
    connectTimeoutMs: config.DATABASE_CONNECT_TIMEOUT_MS,
    migrate: config.DATABASE_MIGRATE,
    migrateWaitMs: config.DATABASE_MIGRATE_WAIT_MS,
    migrateLockTimeoutMs: config.DATABASE_MIGRATE_LOCK_TIMEOUT_MS,
  };
}

/** A service's database, which may not be ready. */
export interface ServiceDatabase {
  readonly database: Database<unknown>;
  /** Resolves once it is ready; rejects if somebody must do something first. */
  readonly ready: Promise<void>;
}

/** How long the start waits for the database before the program listens: most are ready in far less. */
const startLimitMs = 2_000;
/** The delay between attempts to reach it. */
const retryMs = 500;
/** How often the log says that it is still away. */
const reminderMs = 10_000;

/**
 * Opens the database of a service, checks it and closes it with the program. A database that is away holds up no start: the
 * program listens, is not ready, and goes on trying.
 */
export async function openServiceDatabase(
  definition: DatabaseDefinition,
  { config, clock, health, logger, metrics, tracer, onClose }: ProgramContext,
): Promise<ServiceDatabase> {
  // Only services with a database load the query builder.
  const { startDatabase } = await import('../database/index.ts');
  const starting = await startDatabase<unknown>({
    ...databaseOptions(definition, config),
    ...{ clock, metrics, tracer },
    onMigrateWait: () => logger.info('another instance migrates the database; waiting for it'),
  });
  const closed = new AbortController();
  onClose(async () => {
    closed.abort();
    await starting.database.close();
  });
  health.addCheck({ name: 'database', check: () => starting.database.check() });
  const first = Promise.withResolvers<void>();
  const ready = prepare(starting, { clock, logger, closed: closed.signal, onAttempt: first.resolve });
  // Whoever awaits it hears of it; until somebody does, it must not end the process.
  ready.catch(() => undefined);
  const limit = clock.after(startLimitMs, first.resolve);
  await Promise.race([ready, first.promise]).finally(() => limit.cancel());
  return { database: starting.database, ready };
}

interface Preparing {
  readonly clock: ProgramContext['clock'];
  readonly logger: Logger;
  readonly closed: AbortSignal;
  /** Called after each attempt that has failed. */
  readonly onAttempt: () => void;
}

async function prepare(
  starting: StartingDatabase<unknown>,
  { clock, logger, closed, onAttempt }: Preparing,
): Promise<void> {
  const { DatabaseSetupError } = await import('../database/index.ts');
  let remindedMs = Number.NEGATIVE_INFINITY;
  for (let failed = false; !closed.aborted; failed = true) {
    try {
      const { ran, newer } = await starting.prepare();
      if (ran.length > 0) logger.info({ migrations: ran }, 'database migrated');
      if (newer.length > 0)
        logger.warn(
          { migrations: newer },
          'the database has migrations of a newer version; it says that this one works with them',
        );
      if (failed) logger.info('database ready');
      return;
    } catch (error) {
      if (error instanceof DatabaseSetupError || closed.aborted) throw error;
      const nowMs = clock.monotonicMs();
      if (nowMs - remindedMs >= reminderMs) {
        remindedMs = nowMs;
        logger.warn({ reason: starting.describe(error) }, 'database unavailable; retrying');
      }
      onAttempt();
      await new Promise<void>((resolve) => void clock.after(retryMs, resolve));
    }
  }
}
