import { compareKeys } from '../record/key-order.ts';

/** What is kept in order: anything that has a key. */
interface Keyed {
  readonly key: string;
}

/** Blocks of more than this are cut in two: an insertion moves no more, however many keys there are. */
const maxBlock = 512;

/** Keeps things by their keys, in the order of {@link compareKeys}: blocks of a bounded length, each in order. */
export class SortedKeys<T extends Keyed> {
  /** None is empty. */
  readonly #blocks: T[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Puts an entry in its place, instead of the one with its key if there is one. */
  put(entry: T): void {
    const at = Math.min(this.#blockOf(entry.key), this.#blocks.length - 1);
    const block = this.#blocks[at];
    if (block === undefined) {
      this.#blocks.push([entry]);
      this.#size += 1;
      return;
    }
    const index = placeIn(block, entry.key);
    const isThere = block[index]?.key === entry.key;
    block.splice(index, isThere ? 1 : 0, entry);
    if (isThere) return;
    this.#size += 1;
    if (block.length > maxBlock) this.#blocks.splice(at + 1, 0, block.splice(maxBlock / 2));
  }

  /** Takes away the entry with a key, if there is one. */
  delete(key: string): void {
    const at = this.#blockOf(key);
    const block = this.#blocks[at];
    if (block === undefined) return;
    const index = placeIn(block, key);
    if (block[index]?.key !== key) return;
    this.#size -= 1;
    block.splice(index, 1);
    if (block.length === 0) this.#blocks.splice(at, 1);
  }

  /** The entries from a key on and before another one, in order. Nothing may change while it is read. */
  *range(from: string, to?: string): Generator<T, void, void> {
    let at = this.#blockOf(from);
    let index = placeIn(this.#blocks[at] ?? [], from);
    for (; at < this.#blocks.length; at += 1, index = 0) {
      const block = this.#blocks[at] ?? [];
      for (; index < block.length; index += 1) {
        const entry = block[index];
        if (entry === undefined || (to !== undefined && compareKeys(entry.key, to) >= 0)) return;
        yield entry;
      }
    }
  }

  clear(): void {
    this.#blocks.length = 0;
    this.#size = 0;
  }

  /** The first block that ends with `key` or after it; as many as there are if there is none. */
  #blockOf(key: string): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const last = this.#blocks[middle]?.at(-1);
      if (last !== undefined && compareKeys(last.key, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Where an entry with `key` is in a block, or would be. */
function placeIn(block: readonly Keyed[], key: string): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = block[middle];
    if (entry !== undefined && compareKeys(entry.key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
