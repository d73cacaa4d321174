import { Heap, type HeapItem } from './heap.ts';

interface Turn<T> extends HeapItem {
  readonly item: T;
  weight: number;
  /** The time of its next turn, on a clock that shows 1 when each item has had as many turns as its weight. */
  due: number;
  /** Breaks ties: the item that joined first goes first. */
  readonly order: number;
}

/**
 * Items take turns in proportion to their weights, spread evenly: weights 3 and 1 give a a b a, not a a a b; equal weights
 * give a b c a b c. In a whole round, each has exactly as many turns as its weight. A turn takes O(log n) and allocates
 * nothing.
 */
export class WeightedRotation<T> {
  readonly #turns = new Map<T, Turn<T>>();
  readonly #heap = new Heap<Turn<T>>(isBefore);
  readonly #phase: () => number;
  /** The current time of the rotation. */
  #now = 0;
  #order = 0;

  /**
   * @param phase where in its own first interval an item begins, from 0 to below 1. Default the middle, which makes the
   *   order of equals that in which they came. A random one keeps several rotations over the same items out of step
   */
  constructor(phase: () => number = middle) {
    this.#phase = phase;
  }

  /** The number of items. */
  get size(): number {
    return this.#heap.size;
  }

  /**
   * Lets an item take part, with a weight above 0; or changes its weight. A newcomer waits for its first turn like
   * everybody else, and the others keep theirs.
   */
  set(item: T, weight: number): void {
    const known = this.#turns.get(item);
    if (known === undefined) {
      const turn = { item, weight, due: this.#now + this.#phase() / weight, order: this.#order++, heapIndex: -1 };
      this.#turns.set(item, turn);
      this.#heap.add(turn);
    } else if (known.weight !== weight) {
      known.due = this.#now + ((known.due - this.#now) * known.weight) / weight;
      known.weight = weight;
      this.#heap.moved(known);
    }
  }

  /** Removes an item; does nothing if it is not in the rotation. */
  delete(item: T): void {
    const turn = this.#turns.get(item);
    if (turn === undefined) return;
    this.#turns.delete(item);
    this.#heap.remove(turn);
  }

  /** The item whose turn it is, skipping those in `except`, which keep their turn. Undefined if none is left. */
  next(except: readonly T[] = nobody): T | undefined {
    const turn = except.length === 0 ? this.#heap.peek() : this.#heap.peekWhere(({ item }) => !except.includes(item));
    if (turn === undefined) return undefined;
    if (turn.due > this.#now) this.#now = turn.due;
    turn.due += 1 / turn.weight;
    this.#heap.putBack(turn);
    return turn.item;
  }
}

const nobody: readonly never[] = [];

function middle(): number {
  return 0.5;
}

function isBefore(a: Turn<unknown>, b: Turn<unknown>): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
