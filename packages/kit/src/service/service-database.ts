import {
  type CommonSettings,
  type ConfigOf,
  type DatabaseSettings,
  databaseSettings,
  flag,
  type Settings,
} from '../config/index.ts';
import type { Database, DatabaseDefinition } from '../database/index.ts';
import type { ProgramContext } from './definitions.ts';

/** The settings that a service has because of its database. */
export function settingsOfDatabase(
  definition: DatabaseDefinition | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  if (definition === undefined) return {};
  if (definition.demoData === undefined) return databaseSettings();
  return {
    ...databaseSettings(),
    SEED_DEMO_DATA: flag({
      describe: 'Add the example rows to a new database; off by default if NODE_ENV is production',
      default: env['NODE_ENV'] !== 'production',
    }),
  };
}

/** Opens the database of a service, checks it and closes it with the program. */
export async function openServiceDatabase(
  { migrations, demoData }: DatabaseDefinition,
  { config, clock, health, onClose }: ProgramContext,
): Promise<Database<unknown>> {
  // `settingsOfDatabase` has added them.
  const values = config as ConfigOf<CommonSettings & DatabaseSettings> & Readonly<Record<string, unknown>>;
  // Only services with a database load the query builder.
  const { openDatabase } = await import('../database/index.ts');
  const database = await openDatabase({
    url: values.DATABASE_URL,
    migrations,
    seed: values['SEED_DEMO_DATA'] === true ? demoData : undefined,
    clock,
    poolSize: values.DATABASE_POOL_SIZE,
    statementTimeoutMs: values.DATABASE_STATEMENT_TIMEOUT_MS,
    connectTimeoutMs: values.DATABASE_CONNECT_TIMEOUT_MS,
  });
  onClose(() => database.close());
  health.addCheck({ name: 'database', check: () => database.check() });
  return database;
}
