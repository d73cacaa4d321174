import { channel } from 'node:diagnostics_channel';

/** The places at which a crash has to be harmless. */
export type EventPoint =
  /** The change and its event are written, not committed. */
  | 'event-written'
  /** Positions are given, not committed. */
  | 'positions-given'
  | 'positions-committed'
  /** A page of the feed is read, not sent. */
  | 'page-read'
  /** A consumer has a page, and has applied nothing of it. */
  | 'page-received'
  /** The effects of a page and the consumer's position are written, not committed. */
  | 'effects-applied'
  | 'effects-committed'
  /** A part of a copy is written, not committed. */
  | 'copy-part-written'
  /** All parts are committed; that the copy is complete is not. */
  | 'copy-written'
  /** Events were handed to a sink, and nobody knows it yet. */
  | 'events-relayed';

const points = channel('flotilla.events');

/**
 * Says that a program has come to a point. Tests that kill programs listen, from a module that is loaded before the program; it
 * costs nothing when nobody does.
 */
export function reach(point: EventPoint): void {
  if (points.hasSubscribers) points.publish(point);
}
