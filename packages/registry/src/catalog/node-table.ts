import type { NodeValue } from '../record/node.ts';

/** A node in memory. */
export interface NodeEntry {
  readonly value: NodeValue;
  /** The revision that made the record. */
  readonly createdRevision: number;
  /** The revision that changed it last. */
  readonly revision: number;
}

/** The nodes that Consul's clients have told of, by name. */
export class NodeTable {
  readonly #nodes = new Map<string, NodeEntry>();

  get(name: string): NodeEntry | undefined {
    return this.#nodes.get(name);
  }

  /** By name, sorted. */
  all(): readonly NodeEntry[] {
    return [...this.#nodes.values()].sort((a, b) => (a.value.node < b.value.node ? -1 : 1));
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** @param createdRevision default: this one, if it is new */
  put(value: NodeValue, revision: number, createdRevision: number = revision): void {
    const present = this.#nodes.get(value.node);
    this.#nodes.set(value.node, { value, revision, createdRevision: present?.createdRevision ?? createdRevision });
  }

  remove(name: string): void {
    this.#nodes.delete(name);
  }

  clear(): void {
    this.#nodes.clear();
  }
}
