import type { Migration } from '@flotilla/kit/database';
import { eventBaggage } from '@flotilla/kit/events';

/** What the callers said of themselves whose requests caused the events. */
export const addEventBaggage: Migration = {
  id: '0008-event-baggage',
  sql: eventBaggage,
  down: () => 'ALTER TABLE event_outbox DROP COLUMN baggage; ALTER TABLE event_log DROP COLUMN baggage;',
  backwardCompatible: true,
};
