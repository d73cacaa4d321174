import type { Migration } from '@flotilla/kit/database';
import { consumerTable } from '@flotilla/kit/events';

/** Which users exist, from the events of user-service, so that orders can be placed while it is away; and how far they are read. */
export const knownUsers: Migration = {
  id: '0004-known-users',
  sql: (words) => `
    CREATE TABLE known_users (
      user_id ${words.wholeNumber} NOT NULL PRIMARY KEY,
      deleted_at ${words.wholeNumber}
    ) ${words.strictTable};
    ${consumerTable(words)}
  `,
  down: () => 'DROP TABLE known_users; DROP TABLE event_consumers;',
};
