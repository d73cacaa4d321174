import type { ReceivedEvent } from './event-json.ts';

/** The path at which a service publishes its events. */
export const eventsPath = '/events';

/** Where a feed begins and ends. */
export interface FeedEnds {
  /** Names the feed. Another name means other events: the service has another database than before. */
  readonly feed: string;
  /** The position of the oldest event that is kept; one more than `newest` if none is. */
  readonly oldest: number;
  /** The position of the newest event; 0 if there never was one. */
  readonly newest: number;
}

/** What a consumer asks for. */
export interface EventsRequest {
  /** The feed in which the position is. */
  readonly feed: string;
  /** The position of the last event that is known; 0: none. */
  readonly after: number;
  /** At most this many events. */
  readonly limit: number;
  /** How long to wait for an event if there is none, in milliseconds. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** What a consumer gets. */
export type EventsAnswer =
  /** The events after the position, in their order; none if none came in time. */
  | ({ readonly kind: 'events'; readonly events: readonly ReceivedEvent[] } & FeedEnds)
  /** The next event is not kept any more, or the feed has never come so far. */
  | { readonly kind: 'gone' };

/**
 * How events come from another service: its HTTP feed, or a broker. It may give an event twice, and leave some out; consumers
 * notice both. It rejects while the events cannot be had.
 */
export interface EventSource {
  ends(signal: AbortSignal): Promise<FeedEnds>;
  read(request: EventsRequest): Promise<EventsAnswer>;
}
