import { durationMs, integer } from './kinds.ts';
import type { Setting } from './setting.ts';

/** The settings of a program that may have its database on a server. SQLite needs none of them. */
export interface DatabaseSettings extends Readonly<Record<string, Setting<unknown>>> {
  readonly DATABASE_POOL_SIZE: Setting<number>;
  readonly DATABASE_STATEMENT_TIMEOUT_MS: Setting<number>;
  readonly DATABASE_CONNECT_TIMEOUT_MS: Setting<number>;
}

/** The settings for connections to a database server. */
export function databaseSettings(): DatabaseSettings {
  return {
    DATABASE_POOL_SIZE: integer({
      describe:
        'Maximum number of connections of this instance to a database server; one more may be open for a moment, for health checks and migrations',
      default: 10,
      min: 1,
      max: 1_000,
    }),
    DATABASE_STATEMENT_TIMEOUT_MS: durationMs({
      describe: 'How long a statement may take on a database server; after that, its request gets a 503',
      default: 5_000,
      min: 100,
      max: 600_000,
    }),
    DATABASE_CONNECT_TIMEOUT_MS: durationMs({
      describe: 'How long it may take to connect to a database server',
      default: 2_000,
      min: 100,
      max: 60_000,
    }),
  };
}
