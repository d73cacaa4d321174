import type { RecordStore } from '../store/record-store.ts';
import type { TrailQuery } from '../store/trail-line.ts';
import type { Departure, Departures } from '../trail/departures.ts';
import { readTrail, type TrailEntries } from '../trail/read-trail.ts';

/** What has changed, who did it, and when. */
export class Trail {
  readonly #store: Pick<RecordStore, 'readTrail'>;
  readonly #departures: Departures;

  constructor(store: Pick<RecordStore, 'readTrail'>, departures: Departures) {
    this.#store = store;
    this.#departures = departures;
  }

  /** Reads entries, the newest first. */
  read(query: TrailQuery): Promise<TrailEntries> {
    return readTrail(this.#store, query);
  }

  /** The instances of a service that have gone lately, the last one first. From memory, and not all there ever were. */
  departed(service: string): readonly Departure[] {
    return this.#departures.of(service);
  }
}
