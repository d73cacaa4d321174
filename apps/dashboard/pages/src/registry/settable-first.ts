import type { ConfigSetting } from '@flotilla/dashboard/wire';

/** Settings in the order in which people look for them: what is set, what could be, and last what cannot be set here. */
export function settableFirst(settings: readonly ConfigSetting[]): readonly ConfigSetting[] {
  return settings.toSorted((one, other) => rank(one) - rank(other) || (one.name < other.name ? -1 : 1));
}

function rank({ value, shared, local, isHidden }: ConfigSetting): number {
  if (value !== undefined || isHidden) return 0;
  if (shared !== undefined) return 1;
  return local === undefined ? 2 : 3;
}
