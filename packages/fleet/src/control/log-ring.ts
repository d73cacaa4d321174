import type { KeptLine } from './control-types.ts';

/** How much is kept. */
export interface LogRingLimits {
  /** Of each process. Default 1,000: some screens, which is what one scrolls back. */
  readonly lines: number;
  /** Of each process, in characters. Default 1 MiB, so that few long lines do not fill the memory. */
  readonly characters: number;
}

const defaultLimits: LogRingLimits = { lines: 1_000, characters: 1024 * 1024 };

interface Kept extends KeptLine {
  /** The order over all processes. */
  readonly place: number;
}

interface Shelf {
  readonly lines: (Kept | undefined)[];
  /** Where the oldest stands: the places before are empty, and are cut off now and then. */
  first: number;
  characters: number;
}

/** The last lines of each process of a fleet. A noisy process does not push out the lines of a quiet one. */
export class LogRing {
  readonly #limits: LogRingLimits;
  readonly #shelves = new Map<string, Shelf>();
  readonly #listeners = new Set<(line: KeptLine) => void>();
  #place = 0;

  constructor(limits: Partial<LogRingLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
  }

  /** Keeps a line, and drops the oldest of its process beyond the limit. */
  push(line: KeptLine): void {
    const shelf = this.#shelves.get(line.name) ?? { lines: [], first: 0, characters: 0 };
    this.#shelves.set(line.name, shelf);
    shelf.lines.push({ ...line, place: this.#place++ });
    shelf.characters += line.line.length;
    const { lines, characters } = this.#limits;
    while (shelf.lines.length - shelf.first > lines || shelf.characters > characters) {
      shelf.characters -= shelf.lines[shelf.first]?.line.length ?? 0;
      // Lines may be long: none is kept for the place that it had.
      shelf.lines[shelf.first] = undefined;
      shelf.first += 1;
    }
    if (shelf.first > lines) {
      shelf.lines.splice(0, shelf.first);
      shelf.first = 0;
    }
    for (const listener of this.#listeners) listener(line);
  }

  /** The last lines, at most `tail` in total, of the processes for which `wants` is true (default: all), oldest first. */
  last(tail: number, wants: (name: string) => boolean = () => true): readonly KeptLine[] {
    const found: Kept[] = [];
    for (const [name, { lines, first }] of this.#shelves) {
      if (wants(name))
        found.push(...lines.slice(Math.max(first, lines.length - tail)).filter((line) => line !== undefined));
    }
    found.sort((a, b) => a.place - b.place);
    return (tail === 0 ? [] : found.slice(-tail)).map(({ place: _place, ...line }) => line);
  }

  /** Calls back for each new line; the returned function unsubscribes. */
  follow(listener: (line: KeptLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
