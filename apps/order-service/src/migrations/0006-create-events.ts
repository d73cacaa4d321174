import type { Migration } from '@flotilla/kit/database';
import { eventTables } from '@flotilla/kit/events';

/** What the service tells others of its orders. */
export const createEvents: Migration = { id: '0006-create-events', sql: eventTables };
