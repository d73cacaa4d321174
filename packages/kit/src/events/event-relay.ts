import { type Clock } from '@flotilla/contracts';
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

/** A broker that takes events, or what leads to it. */
export interface EventSink {
  /**
   * The position of the last event of this feed that it has; undefined if it has none. Rejects while another instance relays,
   * or the broker is away.
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
  /** For a health check that is not critical: throws, with the reason, while events cannot be handed on. */
  check(): void;
  close(): Promise<void>;
}

const pageSize = 100;
const waitMs = 20_000;
const retryMs = 1_000;

/**
 * Hands the events of a feed on to a broker, in their order. What the broker has is asked of it and kept nowhere else, so that
 * the two cannot disagree. Events that are not kept any more are left out; consumers notice, and turn to the feed.
 */
export function relayEvents<Schemas extends EventSchemas>(options: EventRelayOptions<Schemas>): EventRelay {
  const { feed, sink, clock, logger } = options;
  const stopped = new AbortController();
  const { signal } = stopped;
  let trouble: unknown;

  async function relay(): Promise<void> {
    const { feed: name, oldest } = await feed.read({});
    let after = (await sink.position(name)) ?? oldest - 1;
    while (!signal.aborted) {
      const page = await feed.read({ after, limit: pageSize, waitMs, signal });
      if (page.feed !== name) return;
      // After a position that the feed does not have: from its beginning, if that is later.
      if (page.kind === 'gone') {
        if (page.oldest - 1 <= after)
          throw new Error(`The broker has event ${after} of the feed, which has only ${page.newest}`);
        after = page.oldest - 1;
        continue;
      }
      const events = page.events.map((event) => ({ position: event.position, json: eventJson(feed.source, event) }));
      if (events.length > 0) await sink.publish(name, events);
      reach('events-relayed');
      after = page.events.at(-1)?.position ?? after;
      trouble = undefined;
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await relay();
      } catch (error) {
        if (signal.aborted) return;
        trouble = error;
        await pause(clock, retryMs, signal);
      }
    }
  }

  const running = run();
  logger.info({ source: feed.source }, 'relaying events');
  return {
    check() {
      if (trouble !== undefined) throw new Error('Events cannot be handed on', { cause: trouble });
    },
    close() {
      stopped.abort();
      return running;
    },
  };
}
