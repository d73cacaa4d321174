import type { Migration } from '@flotilla/kit/database';
import { eventTables } from '@flotilla/kit/events';

/** The events of users. */
export const createEvents: Migration = {
  id: '0004-create-events',
  sql: eventTables,
  down: () => 'DROP TABLE event_outbox; DROP TABLE event_log; DROP TABLE event_feed;',
};
