import type { PatternSegment } from '../routes/pattern.ts';

/** Where a route leads, as a path of segments; what follows it of a longer path is appended if `subtree`. */
export interface RouteTarget {
  /** The route's own path. */
  readonly match: readonly PatternSegment[];
  /** The path at the service. */
  readonly target: readonly PatternSegment[];
  readonly subtree: boolean;
  /** What the route itself puts into the query. */
  readonly query: ReadonlyMap<string, PatternSegment>;
}

/** A path of a service, as the route shows it. */
export interface ExposedPath {
  /** With parameters in braces. */
  readonly path: string;
  /** What the path parameters of the service are called there; those that the route fills in itself are not in it. */
  readonly names: ReadonlyMap<string, string>;
}

/** Reads the path of a route or of a document; undefined if a segment is neither a word nor a single parameter. */
export function readSegments(path: string): readonly PatternSegment[] | undefined {
  const segments = path === '/' ? [] : path.slice(1).split('/').map(readSegment);
  return segments.every((segment) => segment !== undefined) ? segments : undefined;
}

function readSegment(text: string): PatternSegment | undefined {
  const name = /^\{([^{}]+)\}$/.exec(text)?.[1];
  if (name !== undefined) return { kind: 'parameter', name };
  return /[{}]/.test(text) ? undefined : { kind: 'literal', text };
}

/** The path under which a route shows `path` of its service; undefined if it does not lead there. */
export function exposePath(route: RouteTarget, path: string): ExposedPath | undefined {
  const service = readSegments(path);
  if (service === undefined) return undefined;
  const { match, target, subtree } = route;
  if (service.length < target.length || (service.length > target.length && !subtree)) return undefined;
  const words = new Map<string, string>();
  const names = new Map<string, string>();
  for (const [at, wanted] of target.entries()) {
    const there = service[at];
    if (there?.kind === 'literal') {
      if (wanted.kind === 'parameter') {
        // The route leads there only with this word, and a word is the same wherever it stands.
        if ((words.get(wanted.name) ?? there.text) !== there.text) return undefined;
        words.set(wanted.name, there.text);
      } else if (wanted.text !== there.text) return undefined;
    } else if (there !== undefined && wanted.kind === 'parameter') names.set(there.name, wanted.name);
  }
  const taken = new Set(match.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : [])));
  const rest = service.slice(target.length).map((segment): PatternSegment => {
    if (segment.kind === 'literal') return segment;
    let name = segment.name;
    while (taken.has(name)) name = `${name}_`;
    taken.add(name);
    names.set(segment.name, name);
    return { kind: 'parameter', name };
  });
  const own = match.map((segment): PatternSegment => {
    const word = segment.kind === 'parameter' ? words.get(segment.name) : undefined;
    return word === undefined ? segment : { kind: 'literal', text: word };
  });
  const shown = [...own, ...rest].map((segment) => (segment.kind === 'literal' ? segment.text : `{${segment.name}}`));
  const end = subtree && rest.length === 0 && shown.length > 0 ? '/' : '';
  return { path: `/${shown.join('/')}${end}`, names };
}
