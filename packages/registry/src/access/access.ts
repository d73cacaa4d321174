import { AppError } from '@flotilla/contracts';
import type { TokenEntry } from './token-list.ts';

/** What a request wants to do. */
export type Right =
  /** Anybody may. */
  | { readonly kind: 'open' }
  /** Look up services. */
  | { readonly kind: 'discover' }
  /** Register a service's instances, renew and deregister them, report on them. */
  | { readonly kind: 'register'; readonly service: string }
  | { readonly kind: 'read-key'; readonly key: string }
  /** Read all keys that begin so. */
  | { readonly kind: 'read-keys'; readonly prefix: string }
  | { readonly kind: 'write-key'; readonly key: string }
  /** Write, or delete, all keys that begin so. */
  | { readonly kind: 'write-keys'; readonly prefix: string }
  /** Begin, renew and end sessions, which lock keys. The right to write any key is enough; ending one needs the right to write what it has locked, too. */
  | { readonly kind: 'sessions' }
  /** What operators do. */
  | { readonly kind: 'operate' };

/** What the sender of a request may do. */
export class Access {
  readonly #entry: TokenEntry | undefined;
  readonly #refusal: AppError | undefined;

  /**
   * @param entry what was shown is this one's; undefined: no tokens are used, and everybody may do everything
   * @param refusal why what was shown is not taken: nothing is allowed but what is open to all
   */
  constructor(entry: TokenEntry | undefined, refusal?: AppError) {
    this.#entry = entry;
    this.#refusal = refusal;
  }

  /** The name of the token; undefined where none are used. */
  get name(): string | undefined {
    return this.#entry?.name;
  }

  may(right: Right): boolean {
    if (this.#refusal !== undefined) return right.kind === 'open';
    if (this.#entry === undefined) return true;
    const { register, discover, readKeys, writeKeys, operate } = this.#entry;
    switch (right.kind) {
      case 'open':
        return true;
      case 'discover':
        return discover;
      case 'register':
        return operate || covers(register, right.service);
      case 'read-key':
        return (
          covers(readKeys, right.key) || isOwnConfiguration(register, right.key) || isOwnSchema(register, right.key)
        );
      case 'read-keys':
        return covers(readKeys, right.prefix) || isOwnConfiguration(register, right.prefix);
      case 'write-key':
        return covers(writeKeys, right.key) || isOwnSchema(register, right.key);
      case 'write-keys':
        return covers(writeKeys, right.prefix);
      case 'sessions':
        return operate || writeKeys.length > 0;
      case 'operate':
        return operate;
      default:
        return right satisfies never;
    }
  }

  /** @throws {AppError} FORBIDDEN, saying what is missing; or why what was shown is not taken */
  require(right: Right): void {
    if (this.may(right)) return;
    if (this.#refusal !== undefined) throw this.#refusal;
    throw new AppError('FORBIDDEN', { detail: `${this.#who()} may not ${wordsOf(right)}` });
  }

  #who(): string {
    const { name, digest } = this.#entry ?? { name: '', digest: undefined };
    return digest === undefined
      ? 'A request without a token (send it as "Authorization: Bearer <token>")'
      : `The token "${name}"`;
  }
}

/** A token that may register a service may read what is configured for it, and for all services. */
function isOwnConfiguration(register: readonly string[], key: string): boolean {
  const [, service] = /^config\/([^/]+)\//.exec(key) ?? [];
  return service !== undefined && register.length > 0 && (service === 'shared' || covers(register, service));
}

/** It also says which settings the service has, and looks whether that is known already. */
function isOwnSchema(register: readonly string[], key: string): boolean {
  const [, service] = /^config-schema\/([^/]+)$/.exec(key) ?? [];
  return service !== undefined && covers(register, service);
}

function covers(prefixes: readonly string[], name: string): boolean {
  return prefixes.some((prefix) => name.startsWith(prefix));
}

function wordsOf(right: Right): string {
  switch (right.kind) {
    case 'open':
      return 'ask this';
    case 'discover':
      return 'look up services (right "discover")';
    case 'register':
      return `register the service ${right.service} (right "register")`;
    case 'read-key':
      return `read the key ${right.key} (right "read_keys")`;
    case 'read-keys':
      return `read all keys that begin with "${right.prefix}" (right "read_keys")`;
    case 'write-key':
      return `write the key ${right.key} (right "write_keys")`;
    case 'write-keys':
      return `write all keys that begin with "${right.prefix}" (right "write_keys")`;
    case 'sessions':
      return 'begin, renew or end sessions (right "write_keys")';
    case 'operate':
      return 'do what operators do (right "operate")';
    default:
      return right satisfies never;
  }
}
