import type { Migration } from '@flotilla/kit/database';
import { eventTables } from '@flotilla/kit/events';

/** What the service tells others of its users. */
export const createEvents: Migration = { id: '0004-create-events', sql: eventTables };
