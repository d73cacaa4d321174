import { shownQuery } from '@flotilla/kit/telemetry';

/** Clients choose it; this much tells which one it was. */
const longestPath = 500;

/** The path of a target, as spans show it. */
export function shownPath(target: string): string {
  const at = target.indexOf('?');
  return target.slice(0, at < 0 ? longestPath : Math.min(at, longestPath));
}

/** The query of a target as spans show it, without its `?` and with secrets replaced; undefined if there is none. */
export function shownQueryOf(target: string): string | undefined {
  const at = target.indexOf('?');
  return at < 0 || at === target.length - 1 ? undefined : shownQuery(target.slice(at + 1));
}
