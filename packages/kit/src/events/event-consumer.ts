import { type Clock, ForeseenError, isAppError } from '@flotilla/contracts';
import { pause } from '@flotilla/contracts/time';
import type { Database, Transaction } from '../database/index.ts';
import type { Logger } from '../logger/index.ts';
import { idleTracer, type Metrics, type Tracer } from '../telemetry/index.ts';
import { type ApplyEvent, type ApplyOptions, applyEvents, EventFailure } from './apply-events.ts';
import { ConsumerMetrics } from './consumer-metrics.ts';
import { ConsumerPosition, Overtaken, type Place } from './consumer-position.ts';
import { ConsumerTrouble } from './consumer-trouble.ts';
import type { ReceivedEvent } from './event-json.ts';
import type { EventKinds, EventSchemas } from './event-kinds.ts';
import type { EventSource, FeedEnds } from './event-source.ts';
import { reach } from './points.ts';

/** A copy of another service's records, which events keep up to date. */
export interface RecordCopy {
  /** Forgets everything: it came from another database of that service. */
  forget(transaction: Transaction): Promise<void>;
  /**
   * The whole copy in parts, each a function that writes it. What has to be asked over the network is asked before a part is
   * given. Events that happened meanwhile are applied afterwards, though the records may show them already; and a copy may be
   * begun again. So writing twice must do no harm.
   */
  parts(signal: AbortSignal): AsyncIterable<(transaction: Transaction) => Promise<void>>;
}

/** What {@link createEventConsumer} needs. */
export interface EventConsumerOptions<Schemas extends EventSchemas> {
  /** One word for what follows the events: its row in `event_consumers`, its label in metrics. It never changes. */
  readonly name: string;
  /** The events, as the contract of the service defines them. Other types are skipped. */
  readonly kinds: EventKinds<Schemas>;
  /** Where they come from. */
  readonly source: EventSource;
  /** A database with the `consumerTable`, and with everything that `apply` writes. */
  readonly database: Database<unknown>;
  readonly apply: ApplyEvent<Schemas>;
  /** Default: none. The consumer then begins with the oldest event that is kept, and goes on with it if it has missed some. */
  readonly copy?: RecordCopy | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Returns a number from 0 to below 1. Default `Math.random`. */
  readonly random?: () => number;
  /** Takes a span of each event that is applied. Default none. */
  readonly tracer?: Tracer | undefined;
}

/** Follows the events of another service, until it is closed. */
export interface EventConsumer {
  /** For a health check that is not critical: throws, with the reason, while events cannot be had or applied. */
  check(): void;
  /** Ends the wait for events, and lets the effects that are being written be finished. */
  close(): Promise<void>;
}

const pageSize = 100;
/** Shorter than proxies between services cut idle connections. */
const waitMs = 20_000;

/**
 * Follows the events of a service and writes their effects, each exactly once, in their order. Instances of the same consumer
 * compete, which does no harm: the position moves in the transaction of the effect, and only one of them can move it.
 *
 * An event that cannot be applied is tried again, at longer and longer intervals, and holds up the later ones: to leave it out
 * would make the copy wrong for good, and nobody would notice.
 */
export function createEventConsumer<Schemas extends EventSchemas>(
  options: EventConsumerOptions<Schemas>,
): EventConsumer {
  const consumer = new Consumer(options);
  const running = consumer.run();
  return {
    check: () => consumer.trouble.check(),
    close() {
      consumer.stop();
      return running;
    },
  };
}

class Consumer<Schemas extends EventSchemas> {
  readonly trouble: ConsumerTrouble;
  readonly #options: EventConsumerOptions<Schemas>;
  readonly #position: ConsumerPosition;
  readonly #metrics: ConsumerMetrics;
  readonly #stopped = new AbortController();
  readonly #applying: ApplyOptions<Schemas>;

  constructor(options: EventConsumerOptions<Schemas>) {
    const { name, database, clock, logger, metrics, random = Math.random, tracer = idleTracer() } = options;
    this.#applying = { ...options, tracer };
    this.#options = options;
    // The table exists if the migration ran; the types of a database do not depend on anything that it holds.
    this.#position = new ConsumerPosition(name, database);
    this.#metrics = new ConsumerMetrics(metrics, name);
    this.trouble = new ConsumerTrouble({ name, clock, logger, random });
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        await this.#step();
        this.trouble.over();
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Overtaken) continue;
        await pause(this.#options.clock, this.trouble.begin(error), signal);
      }
    }
  }

  async #step(): Promise<void> {
    const { source, logger, name } = this.#options;
    const at = await this.#position.read();
    if (at === undefined) return this.#begin(undefined);
    if (!at.copied) return this.#copy(at);
    const { signal } = this.#stopped;
    const answer = await source.read({ feed: at.feed, after: at.position, limit: pageSize, waitMs, signal });
    reach('page-received');
    if (answer.kind === 'gone' || answer.feed !== at.feed) {
      const reason =
        answer.kind === 'gone' ? 'the next event is not kept any more' : 'the service has another database';
      logger.warn(
        { consumer: name, position: at.position, reason },
        'cannot go on with the next event; beginning anew',
      );
      return this.#begin(at);
    }
    const events = answer.events.filter(({ position }) => position > at.position);
    this.#metrics.duplicates(answer.events.length - events.length);
    const gap = events.findIndex(({ position }, index) => position !== at.position + index + 1);
    if (gap === 0) {
      logger.warn(
        { consumer: name, position: at.position, next: events[0]?.position },
        'events are missing; beginning anew',
      );
      return this.#begin(at);
    }
    const whole = gap === -1 ? events : events.slice(0, gap);
    if (whole.length > 0) await this.#apply(at, whole);
    this.#metrics.at(at.position + whole.length, answer.newest);
  }

  /** All at once; if one fails, one by one, so that those before it take effect. */
  async #apply(at: Place, events: readonly ReceivedEvent[]): Promise<void> {
    const where = { position: this.#position, from: at };
    try {
      await applyEvents(where, events, this.#applying);
      this.#metrics.applied(events.length);
    } catch (error) {
      if (error instanceof Overtaken) this.#metrics.duplicates(events.length);
      if (!(error instanceof EventFailure) || isAppError(error.cause, 'STORAGE_UNAVAILABLE')) throw error;
      for (const event of events.filter(({ position }) => position <= error.event.position)) {
        await applyEvents({ ...where, from: { ...at, position: event.position - 1 } }, [event], this.#applying);
        this.#metrics.applied(1);
      }
    }
  }

  /** Goes to where the feed stands now, and forgets what came from another one. */
  async #begin(from: Place | undefined): Promise<void> {
    const { source, copy } = this.#options;
    const { signal } = this.#stopped;
    const ends = await source.ends(signal);
    const to = { feed: ends.feed, position: this.#firstPosition(from, ends), copied: copy === undefined };
    if (copy === undefined && from?.feed === to.feed && from.position === to.position)
      throw new ForeseenError('The next event was not given, though the feed has it');
    await this.#position.move(from, to, async (transaction) => {
      // Not at the first beginning: by what was noted before it, the copy finds out what was deleted meanwhile.
      if (from !== undefined && from.feed !== ends.feed) await copy?.forget(transaction);
    });
  }

  #firstPosition(from: Place | undefined, { feed, oldest, newest }: FeedEnds): number {
    if (this.#options.copy !== undefined) return newest;
    if (from?.feed !== feed) return oldest - 1;
    // Never back, or events would take effect again. A feed that is shorter than before was restored.
    return Math.min(Math.max(from.position, oldest - 1), newest);
  }

  /** Another instance may copy at the same time; whoever is first makes the other stop. */
  async #copy(at: Place): Promise<void> {
    const { copy, logger, name } = this.#options;
    const { signal } = this.#stopped;
    let parts = 0;
    for await (const write of copy?.parts(signal) ?? []) {
      await this.#position.move(at, at, async (transaction) => {
        await write(transaction);
        reach('copy-part-written');
      });
      parts += 1;
    }
    reach('copy-written');
    await this.#position.move(at, { ...at, copied: true }, async () => undefined);
    this.#metrics.copied();
    logger.info(
      { consumer: name, feed: at.feed, position: at.position, parts },
      'copied the records; following events',
    );
  }
}
