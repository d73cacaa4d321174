import type { Pattern } from './pattern.ts';

/** One route in a table. */
export interface TableEntry<T> {
  readonly pattern: Pattern;
  /** Undefined = all. `HEAD` is included where `GET` is. */
  readonly methods: ReadonlySet<string> | undefined;
  readonly value: T;
}

export type Match<T> =
  | { readonly kind: 'found'; readonly entry: TableEntry<T>; readonly parameters: ReadonlyMap<string, string> }
  /** The path has routes, but none with this method. */
  | { readonly kind: 'wrong-method'; readonly best: TableEntry<T>; readonly allow: readonly string[] }
  | { readonly kind: 'none' };

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  parameter: Node<T> | undefined;
  readonly exact: TableEntry<T>[];
  readonly subtree: TableEntry<T>[];
}

const noParameters: ReadonlyMap<string, string> = new Map();

/**
 * Finds the route of a path in time that depends on the path's length, not on how many routes there are. Literal
 * segments win over parameters and longer patterns over shorter ones, so the order of the routes does not matter; a
 * route that does not have the method leaves the request to the next best one.
 */
export class RouteTable<T> {
  readonly #root: Node<T> = newNode();
  /** Most paths have no parameters: one look-up finds them. */
  readonly #plain = new Map<string, TableEntry<T>[]>();

  /**
   * @throws Error when another route has the same pattern and one of the methods
   */
  add(entry: TableEntry<T>): void {
    let node = this.#root;
    for (const segment of entry.pattern.segments) {
      if (segment.kind === 'literal') {
        let next = node.literals.get(segment.text);
        if (next === undefined) {
          next = newNode();
          node.literals.set(segment.text, next);
        }
        node = next;
      } else {
        node.parameter ??= newNode();
        node = node.parameter;
      }
    }
    const siblings = entry.pattern.subtree ? node.subtree : node.exact;
    for (const other of siblings) {
      if (overlap(entry.methods, other.methods)) {
        throw new Error(`"${other.pattern.template}" already covers the same paths and methods`);
      }
    }
    siblings.push(entry);
    if (!entry.pattern.subtree && entry.pattern.parameterNames.length === 0) {
      this.#plain.set(entry.pattern.template, node.exact);
    }
  }

  /** The route for a path in its normal form. */
  match(path: string, method: string): Match<T> {
    const plain = this.#plain.get(path);
    if (plain !== undefined) {
      const entry = withMethod(plain, method);
      if (entry !== undefined) return { kind: 'found', entry, parameters: noParameters };
    }
    const search: Search<T> = { path, method, values: [], passed: [] };
    const entry = find(this.#root, search, 1);
    if (entry === undefined) return unmatched(search.passed);
    const names = entry.pattern.parameterNames;
    if (names.length === 0) return { kind: 'found', entry, parameters: noParameters };
    // The names are the chosen entry's own: others of the same shape may call the same segments differently.
    return { kind: 'found', entry, parameters: new Map(names.map((name, at) => [name, search.values[at] ?? ''])) };
  }

  /** All routes that fit a path in its normal form, whatever their methods; the best one first. For people, not for requests. */
  fitting(path: string): readonly TableEntry<T>[] {
    const search: Search<T> = { path, method: undefined, values: [], passed: [] };
    find(this.#root, search, 1);
    return search.passed;
  }
}

function newNode<T>(): Node<T> {
  return { literals: new Map(), parameter: undefined, exact: [], subtree: [] };
}

interface Search<T> {
  readonly path: string;
  /** Undefined: none is good enough, so that all are passed. */
  readonly method: string | undefined;
  /** What stands in place of the parameters on the way to the node that is looked at. */
  readonly values: string[];
  /** Matched, but do not have the method; best first. */
  readonly passed: TableEntry<T>[];
}

/** The best entry from `node` on, for the path from the segment at `from`. */
function find<T>(node: Node<T>, search: Search<T>, from: number): TableEntry<T> | undefined {
  const { path, values } = search;
  if (from > path.length) return choose(node.exact, search) ?? choose(node.subtree, search);
  const end = path.indexOf('/', from);
  const segment = path.slice(from, end < 0 ? undefined : end);
  const next = end < 0 ? path.length + 1 : end + 1;
  if (segment !== '') {
    const literal = node.literals.get(segment);
    const found = literal === undefined ? undefined : find(literal, search, next);
    if (found !== undefined) return found;
    if (node.parameter !== undefined) {
      values.push(segment);
      const below = find(node.parameter, search, next);
      if (below !== undefined) return below;
      values.pop();
    }
  }
  return choose(node.subtree, search);
}

function choose<T>(entries: readonly TableEntry<T>[], search: Search<T>): TableEntry<T> | undefined {
  const entry = withMethod(entries, search.method);
  if (entry === undefined) search.passed.push(...entries);
  return entry;
}

function withMethod<T>(entries: readonly TableEntry<T>[], method: string | undefined): TableEntry<T> | undefined {
  if (method === undefined) return undefined;
  for (const entry of entries) if (entry.methods === undefined || entry.methods.has(method)) return entry;
  return undefined;
}

function unmatched<T>(passed: readonly TableEntry<T>[]): Match<T> {
  const [best] = passed;
  if (best === undefined) return { kind: 'none' };
  const allow = [...new Set(passed.flatMap(({ methods }) => [...(methods ?? [])]))];
  return { kind: 'wrong-method', best, allow };
}

function overlap(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  for (const method of a) if (b.has(method)) return true;
  return false;
}
