import { isSecretName } from '@flotilla/kit/logger';

/** Clients choose it; this much tells which one it was. */
const longestQuery = 500;

/**
 * The query of a target as spans may show it, without its `?`; undefined if there is none. Values whose names say that they
 * are secrets are replaced; all else stays as it came.
 */
export function shownQuery(target: string): string | undefined {
  const at = target.indexOf('?');
  if (at < 0 || at === target.length - 1) return undefined;
  return target
    .slice(at + 1)
    .split('&')
    .map((pair) => {
      const end = pair.indexOf('=');
      return end >= 0 && isSecretName(decoded(pair.slice(0, end))) ? `${pair.slice(0, end)}=REDACTED` : pair;
    })
    .join('&')
    .slice(0, longestQuery);
}

/** The path of a target, as far as it tells which one it was. */
export function shownPath(target: string): string {
  return (target.split('?', 1)[0] ?? '').slice(0, longestQuery);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
