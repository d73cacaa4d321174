import type { ProxyRouteConfig } from '../config/gateway-config.ts';
import { type PatternSegment, parsePattern } from '../routes/pattern.ts';
import { type RouteTarget, readSegments } from './expose-path.ts';

/** Where a route leads; undefined if its rewrite makes a path that no document can name. */
export function routeTarget({ match, rewrite }: Pick<ProxyRouteConfig, 'match' | 'rewrite'>): RouteTarget | undefined {
  const { segments, subtree } = parsePattern(match);
  if (rewrite === undefined) return { match: segments, target: segments, subtree, query: new Map() };
  const { path, query } = splitTarget(rewrite);
  const target = readSegments(path.length > 1 && path.endsWith('/') && subtree ? path.slice(0, -1) : path);
  return target === undefined ? undefined : { match: segments, target, subtree, query };
}

/** A target's path, and what its query sets: `/orders?user_id={id}`. */
export function splitTarget(target: string): {
  readonly path: string;
  readonly query: ReadonlyMap<string, PatternSegment>;
} {
  const at = target.indexOf('?');
  if (at < 0) return { path: target, query: new Map() };
  const pairs = [...new URLSearchParams(target.slice(at + 1))].map(([name, value]): [string, PatternSegment] => {
    const parameter = /^\{([^{}]+)\}$/.exec(value)?.[1];
    return [name, parameter === undefined ? { kind: 'literal', text: value } : { kind: 'parameter', name: parameter }];
  });
  return { path: target.slice(0, at), query: new Map(pairs) };
}
