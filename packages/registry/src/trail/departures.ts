import type { TrailLine } from '../store/trail-line.ts';
import { noteOf, says } from './trail-line-of.ts';
import type { TrailNote } from './trail-note.ts';

/** An instance that has gone, who removed it, and when. */
export type Departure = Extract<TrailNote, { what: 'removed' }> & { readonly atMs: number };

/** The most services whose departures are remembered. */
const maxServices = 4_096;
/** The most departures of one service. */
const maxEach = 32;

/** The last instances of each service that have gone, in memory: to say why there is none, without a look at the disk. */
export class Departures {
  /** The service that lost one last comes last; of each, the last one comes last. */
  readonly #services = new Map<string, Departure[]>();

  /** Takes over what happened, the oldest first. */
  take(lines: readonly TrailLine[]): void {
    for (const line of lines) {
      if (!says(line, 'removed')) continue;
      const note = noteOf(line);
      if (note?.what === 'removed') this.#add({ ...note, atMs: line.atMs });
    }
  }

  /** The instances of a service that have gone, the last one first. */
  of(service: string): readonly Departure[] {
    return this.#services.get(service)?.toReversed() ?? [];
  }

  /** The instance that went last. */
  last(service: string): Departure | undefined {
    return this.#services.get(service)?.at(-1);
  }

  #add(departure: Departure): void {
    const { service } = departure;
    const known = this.#services.get(service) ?? [];
    known.push(departure);
    if (known.length > maxEach) known.shift();
    this.#services.delete(service);
    this.#services.set(service, known);
    const [oldest] = this.#services.keys();
    if (this.#services.size > maxServices && oldest !== undefined) this.#services.delete(oldest);
  }
}
