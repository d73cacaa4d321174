/** Knows which methods a path has, for 405 and OPTIONS. Used only if no route matched, so it may be slow. */
export interface RouteMethods {
  /** Adds a route. `pattern` in Fastify's form: `/users/:id`, `/files/*`. */
  add(method: string, pattern: string): void;
  /** The methods of the path, with HEAD and OPTIONS; empty if there is no such path. */
  methodsOf(path: string): readonly string[];
  /** All methods of all paths, for `OPTIONS *`. */
  all(): readonly string[];
}

const order = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

export function createRouteMethods(): RouteMethods {
  const patterns = new Map<string, { readonly expression: RegExp; readonly methods: Set<string> }>();
  const sorted = (methods: ReadonlySet<string>): readonly string[] => {
    const known = order.filter((method) => methods.has(method));
    const others = [...methods].filter((method) => !order.includes(method) && method !== 'OPTIONS');
    return [...known, ...others.sort(), 'OPTIONS'];
  };
  return {
    add(method, pattern) {
      const entry = patterns.get(pattern) ?? { expression: toExpression(pattern), methods: new Set<string>() };
      entry.methods.add(method);
      patterns.set(pattern, entry);
    },
    methodsOf(path) {
      const found = new Set<string>();
      for (const { expression, methods } of patterns.values())
        if (expression.test(path)) for (const method of methods) found.add(method);
      return found.size === 0 ? [] : sorted(found);
    },
    all: () => sorted(new Set([...patterns.values()].flatMap(({ methods }) => [...methods]))),
  };
}

/** The expression of a route pattern: `:name` (with or without its own expression) is one segment, `*` the rest. */
function toExpression(pattern: string): RegExp {
  const source = pattern
    .split(/(:[A-Za-z0-9_]+(?:\([^)]*\))?|\*)/)
    .map((part) => {
      if (part === '*') return '.*';
      return part.startsWith(':') ? '[^/]+' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`);
}
