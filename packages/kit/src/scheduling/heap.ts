/** An item of a heap. The heap owns `heapIndex`: the position of the item, or -1 while it is not in the heap. */
export interface HeapItem {
  heapIndex: number;
}

/**
 * A binary heap that knows where each item is, so that any item can be moved or removed in O(log n) without a search. An
 * item can be in one heap at a time.
 */
export class Heap<T extends HeapItem> {
  readonly #items: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;

  /** @param isBefore whether `a` comes out before `b` */
  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The first item. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** The first item that passes. Takes O(k log n) if k items before it do not. */
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

  /** Moves an item to its new position after a change. */
  moved(item: T): void {
    this.#rise(item, item.heapIndex);
    this.#sink(item, item.heapIndex);
  }

  /** Like `moved`, for an item that can only have moved back. */
  putBack(item: T): void {
    this.#sink(item, item.heapIndex);
  }

  /** Removes an item; does nothing if it is not in the heap. */
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
