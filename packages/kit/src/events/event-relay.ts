import { type Clock, ForeseenError } from '@flotilla/contracts';
import { pause } from '@flotilla/contracts/time';
import type { Logger } from '../logger/index.ts';
import type { EventFeed } from './event-feed.ts';
import { eventJson } from './event-json.ts';
import type { EventSchemas } from './event-kinds.ts';
import { reach } from './points.ts';

/** An event on its way to a broker. */
export interface RelayedEvent {
  readonly position: number;
  /** The event as JSON, as the feed gives it. */
  readonly json: string;
}

/** Another instance of the service relays its events, as only one does at a time. */
export class RelayTaken extends ForeseenError {
  override readonly name = 'RelayTaken';

  constructor() {
    super('Another instance relays the events');
  }
}

/** A broker that takes events, or what leads to it. */
export interface EventSink {
  /**
   * The position of the last event of this feed that it has; undefined if it has none. Rejects while the broker is away.
   *
   * @throws {RelayTaken}
   */
  position(feed: string): Promise<number | undefined>;
  /**
   * Takes events, in their order, at least once each: after a crash some may come again. Resolves when they cannot be lost any
   * more.
   */
  publish(feed: string, events: readonly RelayedEvent[]): Promise<void>;
}

/** What {@link relayEvents} needs. */
export interface EventRelayOptions<Schemas extends EventSchemas> {
  readonly feed: EventFeed<Schemas>;
  readonly sink: EventSink;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
}

/** Hands events on until it is closed. */
export interface EventRelay {
  close(): Promise<void>;
}

const pageSize = 100;
const waitMs = 20_000;
const retryMs = 1_000;
/** A broker that restarts is no trouble that anybody has to know of. */
const toleratedMs = 5_000;

/**
 * Hands the events of a feed on to a broker, in their order. What the broker has is asked of it and kept nowhere else, so that
 * the two cannot disagree. Events that are not kept any more are left out; consumers notice, and turn to the feed.
 */
export function relayEvents<Schemas extends EventSchemas>(options: EventRelayOptions<Schemas>): EventRelay {
  const { feed, sink, clock, logger } = options;
  const stopped = new AbortController();
  const { signal } = stopped;
  /** Since when events cannot be handed on, and whether that is in the log. */
  let trouble: { readonly sinceMs: number; isLogged: boolean } | undefined;

  const goesOn = (): void => {
    if (trouble?.isLogged === true) logger.info({ source: feed.source }, 'relaying events again');
    trouble = undefined;
  };
  const isInTrouble = (err: unknown): void => {
    // Then the other one says what is wrong.
    if (err instanceof RelayTaken) return void (trouble = undefined);
    trouble ??= { sinceMs: clock.monotonicMs(), isLogged: false };
    if (trouble.isLogged || clock.monotonicMs() - trouble.sinceMs < toleratedMs) return;
    trouble.isLogged = true;
    logger.warn({ source: feed.source, err }, 'events cannot be relayed; consumers read the feed meanwhile; retrying');
  };

  async function relay(): Promise<void> {
    const { feed: name, oldest } = await feed.read({});
    let after = (await sink.position(name)) ?? oldest - 1;
    while (!signal.aborted) {
      const page = await feed.read({ after, limit: pageSize, waitMs, signal });
      if (page.feed !== name) return;
      // After a position that the feed does not have: from its beginning, if that is later.
      if (page.kind === 'gone') {
        if (page.oldest - 1 <= after)
          throw new ForeseenError(
            `The broker has event ${after} of this feed, which ends at ${page.newest}: the database is older than what was relayed. Delete the stream of the broker, and it is written anew`,
          );
        after = page.oldest - 1;
        continue;
      }
      const events = page.events.map((event) => ({ position: event.position, json: eventJson(feed.source, event) }));
      if (events.length > 0) await sink.publish(name, events);
      reach('events-relayed');
      after = page.events.at(-1)?.position ?? after;
      goesOn();
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await relay();
      } catch (error) {
        if (signal.aborted) return;
        isInTrouble(error);
        await pause(clock, retryMs, signal);
      }
    }
  }

  const running = run();
  logger.info({ source: feed.source }, 'relaying events');
  return {
    close() {
      stopped.abort();
      return running;
    },
  };
}
