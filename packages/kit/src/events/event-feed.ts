import { randomUUID } from 'node:crypto';
import type { Clock } from '@flotilla/contracts';
import type { Database, PreparedQuery, Transaction } from '../database/index.ts';
import type { Logger } from '../logger/index.ts';
import { currentTrace, formatTraceparent, type TraceContext, type Tracer } from '../telemetry/index.ts';
import type { LoggedEvent } from './event-json.ts';
import type { EventKinds, EventSchemas, NewEvent } from './event-kinds.ts';
import { defaultRetentionMs } from './event-settings.ts';
import type { FeedEnds } from './event-source.ts';
import type { EventRow, EventTables } from './event-tables.ts';
import { FeedRetention } from './feed-retention.ts';
import { recordPublished, type ToldEvent } from './messaging-spans.ts';
import { NewsBell } from './news-bell.ts';
import { reach } from './points.ts';
import { Sequencer } from './sequencer.ts';

/** What {@link createEventFeed} needs. */
export interface EventFeedOptions<Schemas extends EventSchemas> {
  /** A database with the `eventTables`. */
  readonly database: Database<unknown>;
  /** The events that the service publishes. */
  readonly kinds: EventKinds<Schemas>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /**
   * How long an event is kept at least, in milliseconds. Default 7 days: consumers that were away for longer copy the records
   * instead.
   */
  readonly retentionMs?: number | undefined;
  /** Whether the tables have the columns of `eventBaggage`. Default false: events then carry no baggage. */
  readonly baggage?: boolean | undefined;
  /** Takes a span of each event that is published. Default none. */
  readonly tracer?: Tracer | undefined;
}

/** What to read of a feed. */
export interface FeedRequest {
  /** The position of the last event that the reader has. Undefined: the newest, so that only the ends of the feed are told. */
  readonly after?: number | undefined;
  /** At most this many events. Default 100. */
  readonly limit?: number | undefined;
  /** How long to wait if there is nothing yet, in milliseconds. Default 0. */
  readonly waitMs?: number | undefined;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/** A part of a feed. */
export type FeedPage =
  | ({ readonly kind: 'events'; readonly events: readonly LoggedEvent[] } & FeedEnds)
  /** The next event is not kept any more, or the feed has never come so far. */
  | ({ readonly kind: 'gone' } & FeedEnds);

/** The events of one service, in its own database. */
export interface EventFeed<Schemas extends EventSchemas> {
  /** Who publishes them: `/user-service`. */
  readonly source: string;
  /**
   * Publishes an event in the transaction of the change: both take effect, or neither.
   *
   * @throws RangeError when its data is longer than 65,536 characters as JSON: name a record, rather than carry it
   */
  add(transaction: Transaction, event: NewEvent<Schemas>): Promise<void>;
  /**
   * What is added in this transaction from now on was caused by the request of this trace. Default: that of the span within which
   * the code runs, if it is traced.
   */
  attribute(transaction: Transaction, trace: TraceContext): void;
  /** Reads events, and gives positions to those that have none yet. Waits for news if it is told to. */
  read(request: FeedRequest): Promise<FeedPage>;
  /** Removes the events that are too old now, as it does from time to time by itself. Returns how many that were. */
  sweep(): Promise<number>;
  /** Ends all waits, now and later: the program stops. */
  close(): void;
}

/** What is read at a time; between two parts, others get their turn. */
const partSize = 100;
const maxDataLength = 65_536;
/** A page has no more than this, and one event more, in characters of data. */
const maxPageLength = 1_048_576;

/** Makes the feed of a service. */
export function createEventFeed<Schemas extends EventSchemas>(options: EventFeedOptions<Schemas>): EventFeed<Schemas> {
  return new DatabaseFeed(options);
}

class DatabaseFeed<Schemas extends EventSchemas> implements EventFeed<Schemas> {
  readonly source: string;
  readonly #clock: Clock;
  readonly #sequencer: Sequencer;
  readonly #bell: NewsBell;
  readonly #retention: FeedRetention;
  readonly #after: PreparedQuery<{ readonly after: number; readonly limit: number }, LoggedEvent>;
  readonly #oldest: PreparedQuery<object, { readonly position: number }>;
  readonly #write: PreparedQuery<EventRow, unknown>;
  readonly #traces = new WeakMap<Transaction, TraceContext>();
  readonly #tracer: Tracer | undefined;
  readonly #hasBaggage: boolean;

  constructor(options: EventFeedOptions<Schemas>) {
    const { database, kinds, clock, logger, retentionMs = defaultRetentionMs, baggage: hasBaggage = false } = options;
    // The tables exist if the migration ran; the types of a database do not depend on anything that it holds.
    const own = database as Database<EventTables>;
    this.source = kinds.source;
    this.#clock = clock;
    this.#tracer = options.tracer?.enabled === true ? options.tracer : undefined;
    this.#hasBaggage = hasBaggage;
    this.#sequencer = new Sequencer(own);
    this.#retention = new FeedRetention({ database: own, sequencer: this.#sequencer, clock, logger, retentionMs });
    this.#bell = new NewsBell(clock);
    this.#after = own.prepare(({ after, limit }: { readonly after: number; readonly limit: number }) =>
      own.query
        .selectFrom('event_log')
        .select(['position', 'event_id', 'type', 'subject', 'happened_at', 'data', 'traceparent'])
        .$if(hasBaggage, (query) => query.select('baggage'))
        .where('position', '>', after)
        .orderBy('position')
        .limit(limit),
    );
    // By name: a query that is prepared has placeholders for values.
    this.#write = own.prepare(({ event_id, type, subject, happened_at, data, traceparent, baggage }: EventRow) =>
      own.query.insertInto('event_outbox').values({
        ...{ event_id, type, subject, happened_at, data, traceparent },
        ...(hasBaggage ? { baggage: baggage ?? null } : {}),
      }),
    );
    this.#oldest = own.prepare(() => own.query.selectFrom('event_log').select('position').orderBy('position').limit(1));
  }

  async add(transaction: Transaction, { type, subject, data }: NewEvent<Schemas>): Promise<void> {
    const json = JSON.stringify(data);
    if (json.length > maxDataLength)
      throw new RangeError(
        `The data of ${type} has ${json.length} characters, but an event has at most ${maxDataLength}`,
      );
    const event_id = randomUUID();
    const cause = this.#traces.get(transaction) ?? currentTrace();
    const told = { id: event_id, type, subject, source: this.source };
    const trace = cause && this.#published(transaction, cause, told);
    const event = {
      ...{ event_id, type, subject, happened_at: this.#clock.now(), data: json },
      traceparent: trace === undefined ? null : formatTraceparent(trace),
      baggage: this.#hasBaggage ? (cause?.baggage ?? null) : undefined,
    };
    // With the commit: nothing depends on it before.
    await this.#write.later(event, transaction);
    reach('event-written');
    this.#bell.expectNews();
  }

  attribute(transaction: Transaction, trace: TraceContext): void {
    this.#traces.set(transaction, trace);
  }

  /** The span that the event carries: that of its publication, if there are spans. */
  #published(transaction: Transaction, parent: TraceContext, event: ToldEvent): TraceContext {
    if (this.#tracer === undefined) return parent;
    const context = this.#tracer.begin(parent);
    recordPublished(this.#tracer, this.#clock, { event, context, parent, transaction });
    return context;
  }

  async read({ after, limit = 100, waitMs = 0, signal }: FeedRequest): Promise<FeedPage> {
    const endMs = this.#clock.monotonicMs() + waitMs;
    let head = await this.#sequencer.advance();
    // The run may have begun before another instance gave the position that the reader has; the next one has not.
    if (after === undefined || after > head.newest) head = await this.#sequencer.advance();
    const from = after ?? head.newest;
    while (head.newest === from) {
      const leftMs = endMs - this.#clock.monotonicMs();
      if (leftMs <= 0 || !(await this.#bell.wait(leftMs, signal))) break;
      head = await this.#sequencer.advance();
    }
    const page = await this.#page(head, from, limit);
    reach('page-read');
    return page;
  }

  sweep(): Promise<number> {
    return this.#retention.sweep();
  }

  close(): void {
    this.#retention.close();
    this.#bell.close();
  }

  async #page(
    { feed, newest }: { readonly feed: string; readonly newest: number },
    from: number,
    limit: number,
  ): Promise<FeedPage> {
    const events: LoggedEvent[] = [];
    for (let length = 0; events.length < limit && length <= maxPageLength; ) {
      const wanted = Math.min(partSize, limit - events.length);
      const part = await this.#after({ after: events.at(-1)?.position ?? from, limit: wanted });
      for (const event of part) {
        if (length > maxPageLength) break;
        events.push(event);
        length += event.data.length;
      }
      if (part.length < wanted) break;
    }
    // After the events: what is removed in between would make a gap that nobody is told of.
    const oldest = (await this.#oldest({}))[0]?.position ?? newest + 1;
    // Another instance may have gone on meanwhile.
    const ends = { feed, oldest, newest: Math.max(newest, events.at(-1)?.position ?? 0) };
    const isWhole = (events[0]?.position ?? newest + 1) === from + 1;
    return from <= newest && isWhole ? { kind: 'events', ...ends, events } : { kind: 'gone', ...ends };
  }
}
