import { isToken, strippedParts } from '../bytes/token.ts';

export const NO_TOKENS: readonly string[] = Object.freeze([]);
const KEEP_ALIVE: readonly string[] = Object.freeze(['keep-alive']);
const CLOSE: readonly string[] = Object.freeze(['close']);
const UPGRADE: readonly string[] = Object.freeze(['upgrade']);

/**
 * The lower-cased elements of a Connection value. One that is no token names no field and no option that anybody knows;
 * see `areTokens`.
 */
export function connectionOptions(value: string): readonly string[] {
  // What nearly every message says costs no list.
  if (value === 'keep-alive' || value === 'Keep-Alive') return KEEP_ALIVE;
  if (value === 'close') return CLOSE;
  if (value === 'Upgrade' || value === 'upgrade') return UPGRADE;
  return strippedParts(value).map((part) => part.toLowerCase());
}

/** Whether all are tokens. Where not, some find a `close` in what others skip, so the message is the connection's last. */
export function areTokens(options: readonly string[]): boolean {
  return options === KEEP_ALIVE || options === CLOSE || options === UPGRADE || options.every(isToken);
}

/** The lower-cased protocols of an Upgrade value (`name` or `name/version` each), or `undefined` when malformed. */
export function upgradeProtocols(value: string): readonly string[] | undefined {
  const protocols = strippedParts(value).map((part) => part.toLowerCase());
  return protocols.length > 0 && protocols.every(isProtocol) ? protocols : undefined;
}

function isProtocol(text: string): boolean {
  const slash = text.indexOf('/');
  return slash < 0 ? isToken(text) : isToken(text.slice(0, slash)) && isToken(text.slice(slash + 1));
}
