/** What a heap orders. The heap owns `heapIndex`: where the item is, or -1 while it is not in the heap. */
export interface HeapItem {
  heapIndex: number;
}

/**
 * A binary heap that knows where each item is, so any item can be moved or taken out in O(log n) without a search. An
 * item is in one heap at a time.
 */
export class Heap<T extends HeapItem> {
  readonly #items: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;

  /** @param isBefore whether `a` is to come out before `b` */
  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The item that is before all others. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** The first item that passes. Takes O(k log n) when k items before it don't. */
  peekWhere(passes: (item: T) => boolean): T | undefined {
    const passedOver: T[] = [];
    let found = this.peek();
    while (found !== undefined && !passes(found)) {
      this.remove(found);
      passedOver.push(found);
      found = this.peek();
    }
    for (const item of passedOver) this.add(item);
    return found;
  }

  add(item: T): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  /** Puts an item of the heap where it belongs after a change. */
  moved(item: T): void {
    this.#rise(item, item.heapIndex);
    this.#sink(item, item.heapIndex);
  }

  /** Like `moved`, of an item that can only have moved back. */
  putBack(item: T): void {
    this.#sink(item, item.heapIndex);
  }

  /** Takes an item out; harmless if it is not in the heap. */
  remove(item: T): void {
    const index = item.heapIndex;
    if (index < 0) return;
    item.heapIndex = -1;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#place(last, index);
    this.moved(last);
  }

  #rise(item: T, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#items[parentIndex];
      if (parent === undefined || !this.#isBefore(item, parent)) break;
      this.#place(parent, index);
      index = parentIndex;
    }
    this.#place(item, index);
  }

  #sink(item: T, from: number): void {
    let index = from;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = this.#items[childIndex];
      if (child === undefined) break;
      const right = this.#items[childIndex + 1];
      if (right !== undefined && this.#isBefore(right, child)) {
        child = right;
        childIndex += 1;
      }
      if (!this.#isBefore(child, item)) break;
      this.#place(child, index);
      index = childIndex;
    }
    this.#place(item, index);
  }

  #place(item: T, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }
}
