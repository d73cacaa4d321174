import { whyGone } from '../operations/explain-words.ts';
import type { Registry } from '../registry.ts';

/** On lists: in a sentence, what a reader should know of them. Left out if there is nothing to say. */
export const noticeHeader = 'x-registry-notice';

/** Why a service has no instance. */
function whyNone(registry: Pick<Registry, 'trail'>, name: string): string {
  const [last] = registry.trail.departed(name);
  return last === undefined
    ? `No instance of ${name} is registered, and as far back as the registry remembers none was`
    : `No instance of ${name} is registered; the last one, ${whyGone(last, 'en')}`;
}

/** What a reader of a list should know of it; undefined if nothing. */
export function noticeOf(
  registry: Pick<Registry, 'trail' | 'guard' | 'list'>,
  listed: { readonly name: string | undefined; readonly isEmpty: boolean },
): string | undefined {
  const { name, isEmpty } = listed;
  if (isEmpty && name !== undefined) {
    const all = registry.list(name).length;
    return all === 0 ? whyNone(registry, name) : `Registered instances of ${name}: ${all}; none passes the filter`;
  }
  const { view } = registry.guard;
  return view.open
    ? `${view.why} at ${view.since}; ${view.suspects} are kept though they are silent, until ${view.until} at the latest: see /guard`
    : undefined;
}

/** Why a service has no instance that is to be had. */
export function whyNotServed(registry: Pick<Registry, 'trail' | 'list'>, name: string): string {
  const instances = registry.list(name);
  if (instances.length === 0) return whyNone(registry, name);
  const states = Map.groupBy(instances, ({ status, draining }) => (draining ? 'draining' : status));
  const counts = [...states].map(([state, some]) => `${some.length} ${state}`).join(', ');
  return `No instance of ${name} gets new work (${counts}): see /explain/${name}`;
}
