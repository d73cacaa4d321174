import type { Router } from '../browser/router.ts';

/** Makes these the parameters of the address, and no others. */
export function replaceQuery(router: Router, query: URLSearchParams): void {
  const changes: Record<string, string | undefined> = {};
  for (const name of router.place.value.query.keys()) changes[name] = undefined;
  for (const [name, value] of query) changes[name] = value;
  router.setQuery(changes);
}
