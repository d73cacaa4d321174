import { timingSafeEqual } from 'node:crypto';
import { AppError, type Clock } from '@flotilla/contracts';
import { Access } from './access.ts';
import { anonymous, digestOf, type TokenEntry } from './token-list.ts';

/** What an {@link AccessGate} works with. */
export interface AccessGateOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Undefined: no tokens are used, and everybody may do everything. */
  readonly entries?: readonly TokenEntry[] | undefined;
}

/** What an entry has, and how much it may ask for at once. */
interface Holder {
  readonly entry: TokenEntry;
  readonly access: Access;
  /** How many requests it may send now. */
  left: number;
  atMs: number;
}

/** Those who show no token may ask what is open to all, where the list says nothing of them. */
const nobody: TokenEntry = {
  name: anonymous,
  digest: undefined,
  register: [],
  discover: false,
  readKeys: [],
  writeKeys: [],
  operate: false,
  maxRequestsPerSecond: undefined,
};

const everybody = new Access(undefined);
const unknown = new Access(nobody);

/** How many requests a token may send at once that may send so many per second on average. */
function mostAtOnce(perSecond: number): number {
  return Math.max(1, 2 * perSecond);
}

/** Knows what tokens may do. */
export class AccessGate {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #holders: ReadonlyMap<string | undefined, Holder> | undefined;

  constructor({ clock, entries }: AccessGateOptions) {
    this.#clock = clock;
    if (entries !== undefined) this.replace(entries);
  }

  /** Whether everybody may do everything. */
  get isOpen(): boolean {
    return this.#holders === undefined;
  }

  /** What a request may do whose token was not taken; `refusal` says why. */
  refused(refusal: AppError): Access {
    return new Access(nobody, refusal);
  }

  /** What somebody may do of whom nothing is known: everything where no tokens are used, otherwise what is open to all. */
  get unknown(): Access {
    return this.isOpen ? everybody : unknown;
  }

  /** Uses these tokens from now on. */
  replace(entries: readonly TokenEntry[]): void {
    const atMs = this.#clock.monotonicMs();
    const all = entries.some(({ digest }) => digest === undefined) ? entries : [...entries, nobody];
    this.#holders = new Map(
      all.map((entry) => [
        entry.digest,
        { entry, access: new Access(entry), left: mostAtOnce(entry.maxRequestsPerSecond ?? 0), atMs },
      ]),
    );
  }

  /**
   * What a request with `token` may do.
   *
   * @throws {AppError} FORBIDDEN if nobody has that token, TOO_MANY_REQUESTS if it asks too much
   */
  accessOf(token: string | undefined): Access {
    if (this.#holders === undefined) return everybody;
    const holder = this.#holderOf(token);
    if (holder === undefined) throw new AppError('FORBIDDEN', { detail: 'The token is not known to this registry' });
    this.#count(holder);
    return holder.access;
  }

  #holderOf(token: string | undefined): Holder | undefined {
    if (token === undefined) return this.#holders?.get(undefined);
    // The digests are looked up, not the tokens: how long that takes says nothing about a token.
    const digest = digestOf(token);
    const holder = this.#holders?.get(digest);
    const known = Buffer.from(holder?.entry.digest ?? ''.padEnd(64, '0'));
    return timingSafeEqual(Buffer.from(digest), known) ? holder : undefined;
  }

  #count(holder: Holder): void {
    const perSecond = holder.entry.maxRequestsPerSecond;
    if (perSecond === undefined) return;
    const nowMs = this.#clock.monotonicMs();
    holder.left = Math.min(mostAtOnce(perSecond), holder.left + ((nowMs - holder.atMs) * perSecond) / 1_000);
    holder.atMs = nowMs;
    if (holder.left < 1)
      throw new AppError('TOO_MANY_REQUESTS', {
        detail: `The token "${holder.entry.name}" may send ${perSecond} requests per second`,
        retryAfterMs: Math.ceil(((1 - holder.left) * 1_000) / perSecond),
      });
    holder.left -= 1;
  }
}
