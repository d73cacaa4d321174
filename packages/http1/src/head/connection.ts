import { isToken, tokenList } from '../bytes/token.ts';

export const NO_TOKENS: readonly string[] = Object.freeze([]);
const KEEP_ALIVE: readonly string[] = Object.freeze(['keep-alive']);
const CLOSE: readonly string[] = Object.freeze(['close']);
const UPGRADE: readonly string[] = Object.freeze(['upgrade']);

/** The lower-cased options of a Connection value, or `undefined` when it is no list of tokens. */
export function connectionOptions(value: string): readonly string[] | undefined {
  // What nearly every message says costs no list.
  if (value === 'keep-alive' || value === 'Keep-Alive') return KEEP_ALIVE;
  if (value === 'close') return CLOSE;
  if (value === 'Upgrade' || value === 'upgrade') return UPGRADE;
  return tokenList(value);
}

/** The lower-cased protocols of an Upgrade value (`name` or `name/version` each), or `undefined` when malformed. */
export function upgradeProtocols(value: string): readonly string[] | undefined {
  const protocols: string[] = [];
  for (const part of value.split(',')) {
    const protocol = part.trim();
    if (protocol === '') continue;
    const slash = protocol.indexOf('/');
    if (!isToken(slash < 0 ? protocol : protocol.slice(0, slash))) return undefined;
    if (slash >= 0 && !isToken(protocol.slice(slash + 1))) return undefined;
    protocols.push(protocol.toLowerCase());
  }
  return protocols.length === 0 ? undefined : protocols;
}
