import type { WatchEvent } from '@flotilla/contracts';

/** The events that tell of a change, and so have a place in the history. */
export type ChangeEvent = Extract<WatchEvent, { type: 'put' | 'delete' }>;

/** The service an event is about. */
export function serviceOf(event: ChangeEvent): string {
  return event.type === 'put' ? event.instance.name : event.name;
}

/**
 * The latest changes in the order of their revisions; the oldest make room for new ones. Every change since
 * `floor` is here, so whoever has seen everything up to `floor` or later can go on from here.
 */
export class EventRing {
  readonly #capacity: number;
  readonly #events: ChangeEvent[] = [];
  /** Where the oldest event is once the ring is full. */
  #start = 0;
  #floor: number;

  /** @param floor the revision before the first event that will come; what was before it is not known here */
  constructor(capacity: number, floor: number) {
    this.#capacity = capacity;
    this.#floor = floor;
  }

  /** The last revision whose event is no longer, or never was, in the ring. */
  get floor(): number {
    return this.#floor;
  }

  push(event: ChangeEvent): void {
    if (this.#events.length < this.#capacity) {
      this.#events.push(event);
      return;
    }
    this.#floor = this.#events[this.#start]?.revision ?? this.#floor;
    this.#events[this.#start] = event;
    this.#start = (this.#start + 1) % this.#capacity;
  }

  /** The events after `revision`, oldest first. Walks only those; finds the first in O(log n). */
  *after(revision: number): Generator<ChangeEvent, void, void> {
    for (let index = this.#firstAfter(revision); index < this.#events.length; index += 1) {
      const event = this.#at(index);
      if (event !== undefined) yield event;
    }
  }

  #firstAfter(revision: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#at(middle)?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #at(index: number): ChangeEvent | undefined {
    return this.#events[(this.#start + index) % this.#events.length];
  }
}
