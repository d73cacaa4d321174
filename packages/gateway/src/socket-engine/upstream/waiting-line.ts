import type { LimitedFailure } from '../../attempt/outcome.ts';
import type { AttemptSink } from '../sides/response-sink.ts';
import type { Acquisition } from '../sides/stream-pool.ts';
import type { OutgoingRequest } from '../sides/upstream-side.ts';

/** The place of an attempt in the line for a connection, because all that are allowed are busy. */
export class WaitingPlace implements Acquisition {
  readonly attempt: AttemptSink;
  readonly request: OutgoingRequest;
  /** Whose share of the connections it would take; undefined: nobody's. */
  readonly client: string | undefined;
  /** Its turn has come: the connection that is being opened for it. */
  opening: Acquisition | undefined = undefined;
  readonly #line: WaitingLine;

  constructor(attempt: AttemptSink, request: OutgoingRequest, client: string | undefined, line: WaitingLine) {
    this.attempt = attempt;
    this.request = request;
    this.client = client;
    this.#line = line;
  }

  /** Gives up: leaves the line, or closes the connection that nobody would use any more. */
  cancel(): void {
    if (this.opening === undefined) this.#line.remove(this);
    else this.opening.cancel();
  }

  limitMet(): LimitedFailure {
    return this.#line.limitOf(this);
  }
}

/** Who waits for a connection to one upstream: clients take turns, and those of one client come in their order. */
export class WaitingLine {
  readonly #byClient = new Map<string | undefined, Set<WaitingPlace>>();
  /** The limit for which a place waits. */
  readonly limitOf: (place: WaitingPlace) => LimitedFailure;
  /** How many wait. Changed here alone; a plain field, since it is asked on every request. */
  size = 0;

  constructor(limitOf: (place: WaitingPlace) => LimitedFailure) {
    this.limitOf = limitOf;
  }

  add(attempt: AttemptSink, request: OutgoingRequest, client: string | undefined): WaitingPlace {
    const place = new WaitingPlace(attempt, request, client, this);
    let places = this.#byClient.get(client);
    if (places === undefined) {
      places = new Set();
      this.#byClient.set(client, places);
    }
    places.add(place);
    this.size += 1;
    return place;
  }

  remove(place: WaitingPlace): void {
    const places = this.#byClient.get(place.client);
    if (places?.delete(place) !== true) return;
    this.size -= 1;
    if (places.size === 0) this.#byClient.delete(place.client);
  }

  /** All that wait now. */
  places(): WaitingPlace[] {
    return [...this.#byClient.values()].flatMap((places) => [...places]);
  }

  /** Takes the next out; clients for which `hasShare` is true have as many connections as they may and are passed over. */
  next(hasShare: (client: string | undefined) => boolean): WaitingPlace | undefined {
    for (const [client, places] of this.#byClient) {
      if (hasShare(client)) continue;
      const [place] = places;
      if (place === undefined) continue;
      this.remove(place);
      if (places.size > 0) {
        // To the end: the others are next.
        this.#byClient.delete(client);
        this.#byClient.set(client, places);
      }
      return place;
    }
    return undefined;
  }

  clear(): void {
    this.#byClient.clear();
    this.size = 0;
  }
}
