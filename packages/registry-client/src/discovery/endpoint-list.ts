import { type Endpoint, isSameEndpoint, type ServiceSnapshot } from '@flotilla/contracts';

/**
 * The snapshot after `before`: in the order of the ids, frozen, and `before` itself when a reader would see no difference.
 * Endpoints that are the same objects as before have not changed.
 */
export function nextSnapshot(
  before: ServiceSnapshot,
  state: ServiceSnapshot['state'],
  endpoints: readonly Endpoint[],
): ServiceSnapshot {
  const sorted = endpoints.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const known = before.endpoints;
  const same = sorted.length === known.length && sorted.every((endpoint, index) => endpoint === known[index]);
  if (same && state === before.state) return before;
  return Object.freeze({ service: before.service, state, endpoints: same ? known : Object.freeze(sorted) });
}

/** The snapshot of a service of which nothing has been heard. */
export function unknownSnapshot(service: string): ServiceSnapshot {
  return Object.freeze({ service, state: 'unknown', endpoints: Object.freeze([]) });
}

/** `next` without repetitions of an id, and with the objects of `known` where they say the same. */
export function keepEndpoints(known: readonly Endpoint[], next: readonly Endpoint[]): readonly Endpoint[] {
  const before = new Map(known.map((endpoint) => [endpoint.id, endpoint]));
  const kept = new Map<string, Endpoint>();
  for (const endpoint of next) {
    if (kept.has(endpoint.id)) continue;
    const old = before.get(endpoint.id);
    kept.set(endpoint.id, old !== undefined && isSameEndpoint(old, endpoint) ? old : Object.freeze(endpoint));
  }
  return [...kept.values()];
}
