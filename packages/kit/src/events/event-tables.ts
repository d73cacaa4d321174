import type { Generated, SchemaWords } from '../database/index.ts';

/**
 * The statements that create the tables of a service that publishes events; for a migration of its own:
 *
 * ```ts
 * export const createEvents: Migration = { id: '0004-create-events', sql: eventTables };
 * ```
 *
 * `event_outbox` has what was written and has no position yet, `event_log` what has one, `event_feed` the feed itself, in one
 * row. The text never changes: databases compare it with what was applied.
 */
export function eventTables({ newId, wholeNumber, text, longText, strictTable }: SchemaWords): string {
  const columns = `event_id ${text(36)} NOT NULL,
      type ${text(100)} NOT NULL,
      subject ${text(200)} NOT NULL,
      happened_at ${wholeNumber} NOT NULL,
      data ${longText} NOT NULL,
      traceparent ${text(100)}`;
  return `
    CREATE TABLE event_outbox (
      id ${newId},
      ${columns}
    ) ${strictTable};
    CREATE TABLE event_log (
      position ${wholeNumber} NOT NULL PRIMARY KEY,
      ${columns}
    ) ${strictTable};
    CREATE TABLE event_feed (
      id ${wholeNumber} NOT NULL PRIMARY KEY,
      feed ${text(36)} NOT NULL UNIQUE,
      newest ${wholeNumber} NOT NULL
    ) ${strictTable};
  `;
}

/**
 * The statements that let events carry the baggage of the request that caused them (W3C Baggage), for a migration after that of
 * `eventTables`; the feed is then told so: `feedOfService(database, kinds, context, { baggage: true })`. The text never changes.
 */
export function eventBaggage({ longText }: SchemaWords): string {
  return `
    ALTER TABLE event_outbox ADD COLUMN baggage ${longText};
    ALTER TABLE event_log ADD COLUMN baggage ${longText};
  `;
}

/**
 * The statement that creates the table in which consumers keep how far they are; for a migration of a service that follows
 * another one's events. The text never changes.
 */
export function consumerTable({ wholeNumber, text, strictTable }: SchemaWords): string {
  return `
    CREATE TABLE event_consumers (
      name ${text(100)} NOT NULL PRIMARY KEY,
      feed ${text(36)} NOT NULL,
      position ${wholeNumber} NOT NULL,
      copied ${wholeNumber} NOT NULL
    ) ${strictTable};
  `;
}

/** A row of `event_log`, and of `event_outbox` but for its place. */
export interface EventRow {
  readonly event_id: string;
  readonly type: string;
  readonly subject: string;
  readonly happened_at: number;
  /** JSON. */
  readonly data: string;
  readonly traceparent: string | null;
  /** Undefined if the table has no such column. */
  readonly baggage?: string | null | undefined;
}

/** The tables of a service that publishes events. */
export interface EventTables {
  readonly event_outbox: EventRow & { readonly id: Generated<number> };
  readonly event_log: EventRow & { readonly position: number };
  readonly event_feed: { readonly id: number; readonly feed: string; readonly newest: number };
}

/** The table of a service that follows events. */
export interface ConsumerTables {
  readonly event_consumers: {
    readonly name: string;
    readonly feed: string;
    readonly position: number;
    /** 1 once the copy is complete that goes with the position; 0 while it is made. */
    readonly copied: number;
  };
}
