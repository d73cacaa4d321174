import { Heap, type HeapItem } from './heap.ts';

interface Turn<T> extends HeapItem {
  readonly item: T;
  weight: number;
  /** When its next turn is, on a clock that shows 1 when each item has had as many turns as its weight says. */
  due: number;
  /** Who came first goes first when two are due at once. */
  readonly order: number;
}

/**
 * Items take turns in proportion to their weights, spread out: weights 3 and 1 give a a b a, not a a a b; equal weights
 * give a b c a b c. Over a whole round each has exactly as many turns as its weight says. A turn takes O(log n) and
 * allocates nothing.
 */
export class WeightedRotation<T> {
  readonly #turns = new Map<T, Turn<T>>();
  readonly #heap = new Heap<Turn<T>>(isBefore);
  readonly #phase: () => number;
  /** How far the rotation is. */
  #now = 0;
  #order = 0;

  /**
   * @param phase where in its own first interval an item begins, from 0 to below 1. Default the middle, which makes the
   *   order of equals that in which they came. A random one keeps several rotations over the same items out of step
   */
  constructor(phase: () => number = middle) {
    this.#phase = phase;
  }

  /** How many take part. */
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

  /** Takes an item out; harmless if it takes no part. */
  delete(item: T): void {
    const turn = this.#turns.get(item);
    if (turn === undefined) return;
    this.#turns.delete(item);
    this.#heap.remove(turn);
  }

  /** The item whose turn it is, none of `except`: those keep their turn. Undefined when nobody is left. */
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
