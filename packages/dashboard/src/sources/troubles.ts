import type { Clock } from '@flotilla/contracts';
import type { SourceTrouble } from '../wire/index.ts';

/** What cannot be read at the moment, and since when. */
export class Troubles {
  readonly #clock: Clock;
  readonly #known = new Map<SourceTrouble['source'], SourceTrouble>();
  readonly #listeners = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get list(): readonly SourceTrouble[] {
    return [...this.#known.values()];
  }

  /** Notes why a source cannot be read; undefined: it can. `message` says for people what is wrong and what to do. */
  note(source: SourceTrouble['source'], message: string | undefined): void {
    const before = this.#known.get(source);
    if (before?.message === message) return;
    if (message === undefined) this.#known.delete(source);
    else this.#known.set(source, { source, message, sinceMs: before?.sinceMs ?? this.#clock.now() });
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` when the list changes. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }
}
