import type { WatchEvent } from '@flotilla/contracts';

/** The events that tell of a change, and so have a place in the history. */
export type ChangeEvent = Extract<WatchEvent, { type: 'put' | 'delete' }>;

/** The service an event is about. */
export function serviceOf(event: ChangeEvent): string {
  return event.type === 'put' ? event.instance.name : event.name;
}

/** What has a place in a history. */
export interface Placed {
  readonly revision: number;
}

/**
 * The latest changes in the order of their revisions; the oldest make room for new ones. Every change since
 * `floor` is here, so a watcher that has seen everything up to `floor` or later can go on from here.
 */
export class EventRing<T extends Placed> {
  readonly #capacity: number;
  readonly #maxBytes: number;
  readonly #bytesOf: (event: T) => number;
  readonly #events: (T | undefined)[] = [];
  /** Where the oldest event is. */
  #start = 0;
  #count = 0;
  #bytes = 0;
  #floor: number;

  /**
   * @param maxBytes about the most that its events take: one instance that changes its large metadata again and again
   *   would otherwise fill the memory
   * @param floor the revision before the first event that will come; what was before it is not known here
   * @param bytesOf about what an event takes
   */
  constructor(capacity: number, maxBytes: number, floor: number, bytesOf: (event: T) => number) {
    this.#bytesOf = bytesOf;
    this.#capacity = capacity;
    this.#maxBytes = maxBytes;
    this.#floor = floor;
  }

  /** The last revision whose event is no longer, or never was, in the ring. */
  get floor(): number {
    return this.#floor;
  }

  push(event: T): void {
    this.#bytes += this.#bytesOf(event);
    if (this.#count === this.#capacity) this.#drop();
    this.#events[(this.#start + this.#count) % this.#capacity] = event;
    this.#count += 1;
    // The newest stays, whatever it takes.
    while (this.#bytes > this.#maxBytes && this.#count > 1) this.#drop();
  }

  /** The events after `revision`, oldest first. Walks only those; finds the first in O(log n). */
  *after(revision: number): Generator<T, void, void> {
    for (let index = this.#firstAfter(revision); index < this.#count; index += 1) {
      const event = this.#at(index);
      if (event !== undefined) yield event;
    }
  }

  #drop(): void {
    const event = this.#at(0);
    if (event === undefined) return;
    this.#floor = event.revision;
    this.#bytes -= this.#bytesOf(event);
    this.#events[this.#start] = undefined;
    this.#start = (this.#start + 1) % this.#capacity;
    this.#count -= 1;
  }

  #firstAfter(revision: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#at(middle)?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #at(index: number): T | undefined {
    return this.#events[(this.#start + index) % this.#capacity];
  }
}

/** What an event takes beside what can be long. */
const fixedBytes = 300;

/** About what a change of an instance takes. */
export function bytesOfChange(event: ChangeEvent): number {
  if (event.type === 'delete') return fixedBytes;
  const { tags, metadata } = event.instance;
  let length = fixedBytes;
  for (const tag of tags) length += tag.length;
  for (const key in metadata) length += key.length + (metadata[key]?.length ?? 0);
  return length;
}
