import { cacheTables } from '@flotilla/kit/cache';
import type { Migration } from '@flotilla/kit/database';

/** How instances agree on what in Redis counts. */
export const cacheStateTable: Migration = {
  id: '0005-cache-state',
  sql: cacheTables,
  down: () => 'DROP TABLE cache_state;',
};
