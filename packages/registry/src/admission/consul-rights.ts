import { type AskedRoute, discover, open, type RightsOf, textOf } from './route-rights.ts';

/** What clients ask for before anything else, and what says nothing of services. */
const openPaths: ReadonlySet<string> = new Set(['/v1/status/leader', '/v1/status/peers', '/v1/agent/version']);

/**
 * The rights that a route of Consul's API needs. Its writes name what they change in bodies, of several spellings, so the registry
 * itself asks for their rights: {@link requireRight}.
 */
export function consulRights(method: string, pattern: string): RightsOf {
  if (method !== 'GET' || openPaths.has(pattern)) return open;
  return pattern.startsWith('/v1/kv/') ? readsKeys : discover;
}

function readsKeys({ params, query }: AskedRoute): ReturnType<RightsOf> {
  const key = textOf(params, '*');
  const isPrefix = typeof query === 'object' && query !== null && ('recurse' in query || 'keys' in query);
  return [isPrefix ? { kind: 'read-keys', prefix: key } : { kind: 'read-key', key }];
}
