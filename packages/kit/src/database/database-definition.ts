import type { Seed } from './database-kind.ts';
import type { Migration } from './migration.ts';

/** What a service says of its database: the chassis does the rest. */
export interface DatabaseDefinition {
  /** The migrations that make its tables, in the order of their ids. */
  readonly migrations: readonly Migration[];
  /** Example rows for a table that never had any. They come with the setting `SEED_DEMO_DATA`. Default: none. */
  readonly demoData?: Seed | undefined;
}
