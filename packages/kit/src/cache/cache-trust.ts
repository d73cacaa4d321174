import { AppError, type Clock, type Timer } from '@flotilla/contracts';
import { bounded } from '@flotilla/contracts/time';
import type { CacheState, CutRow } from './cache-table.ts';
import type { CacheTimes } from './cache-times.ts';

/** How long the writer of a value waits at most until all instances know that Redis may hold an older one. */
const coverTimeoutMs = 5_000;
const tellAgainMs = 100;

/** What {@link CacheTrust} needs. */
export interface TrustOptions {
  readonly state: CacheState;
  readonly clock: Clock;
  /** Makes a text that nobody has made before. */
  readonly newToken: () => string;
  readonly times: CacheTimes;
}

/** `joined`: it removes from Redis what it writes. `cut`: it cannot, and all instances know since `renewedMs`. */
type Membership =
  | { readonly kind: 'joined' }
  | { readonly kind: 'announcing' }
  | { readonly kind: 'cut'; readonly renewedMs: number };

interface Look {
  readonly startedMs: number;
  readonly generation: string | undefined;
  readonly isWhole: boolean;
}

/**
 * Decides whether this instance may use what is in Redis. It may while every instance of the service removes from Redis what it
 * writes. One that cannot says so in the database, where all look every half second; before it acknowledges its first write, it
 * waits until each of them must have seen it. When it can again, a new generation begins, of which Redis holds nothing yet.
 */
export class CacheTrust {
  readonly #state: CacheState;
  readonly #clock: Clock;
  readonly #newToken: () => string;
  readonly #times: CacheTimes;
  readonly #name: string;
  /** Instances that were cut off, with when they were first seen saying the same. */
  readonly #others = new Map<string, { readonly value: string; readonly sinceMs: number }>();
  #look: Look | undefined;
  #membership: Membership = { kind: 'joined' };
  #covering: Promise<void> | undefined;
  #withdrawing: Promise<void> | undefined;
  /** The row of this instance may be in the database although it is not cut off. */
  #mustWithdraw = false;
  #hasBegun = false;
  #timers = new Set<Timer>();
  #isClosed = false;

  constructor({ state, clock, newToken, times }: TrustOptions) {
    this.#state = state;
    this.#clock = clock;
    this.#newToken = newToken;
    this.#times = times;
    this.#name = `cut-${newToken()}`;
  }

  /** Begins to look. A generation begins as well: the database may have been replaced while no instance ran. */
  start(): void {
    void this.#keepLooking();
  }

  /** The generation whose values count now; undefined: nothing in Redis does. */
  get generation(): string | undefined {
    const look = this.#look;
    if (look === undefined || !look.isWhole || this.#membership.kind !== 'joined' || !this.#hasBegun) return undefined;
    return this.#clock.monotonicMs() - look.startedMs < this.#times.trustMs ? look.generation : undefined;
  }

  /** Whether all instances know that this one does not remove from Redis what it writes, so that it need not try. */
  get isCovered(): boolean {
    const { kind } = this.#membership;
    return kind === 'cut' && this.#clock.monotonicMs() - this.#membership.renewedMs < this.#times.coverMs;
  }

  /** Whether this instance is cut off, or about to say so. */
  get isCut(): boolean {
    return this.#membership.kind !== 'joined' || this.#mustWithdraw;
  }

  /**
   * Called after a write whose old value could not be removed from Redis: resolves when no instance uses it any more.
   *
   * @throws {AppError} STORAGE_UNAVAILABLE when the database cannot be told in time; this goes on trying
   */
  async cover(): Promise<void> {
    const { kind } = await bounded(this.#clock, coverTimeoutMs, async () => {
      // It removes the row that is needed now.
      await this.#withdrawing;
      if (this.isCovered) return;
      await this.#announcing();
    });
    if (kind !== 'done') throw new AppError('STORAGE_UNAVAILABLE', { retryAfterMs: 1_000 });
  }

  /** Called when this instance can write to Redis again: ends being cut off. */
  async rejoin(): Promise<void> {
    if (this.#covering !== undefined || !this.isCut) return;
    this.#withdrawing ??= this.#withdraw().finally(() => (this.#withdrawing = undefined));
    await this.#withdrawing;
  }

  async close(): Promise<void> {
    await this.rejoin();
    this.#isClosed = true;
    for (const timer of this.#timers) timer.cancel();
  }

  async #withdraw(): Promise<void> {
    // From now on, writes remove their old values again. Those that did not have ended before the new generation begins.
    this.#membership = { kind: 'joined' };
    this.#mustWithdraw = true;
    try {
      await this.#state.withdraw(this.#name, this.#newToken());
      this.#mustWithdraw = false;
    } catch {
      // The next attempt follows with the next sign of life from Redis. Until then the row keeps everybody from using Redis.
    }
  }

  #announcing(): Promise<void> {
    this.#covering ??= this.#announce().finally(() => (this.#covering = undefined));
    return this.#covering;
  }

  async #announce(): Promise<void> {
    this.#membership = { kind: 'announcing' };
    let startedMs = this.#clock.monotonicMs();
    while ((await this.#tell()) === undefined) {
      if (this.#isClosed) return;
      await this.#sleep(tellAgainMs);
      startedMs = this.#clock.monotonicMs();
    }
    await this.#sleep(this.#times.trustMs + this.#times.marginMs);
    const membership: Membership = { kind: 'cut', renewedMs: startedMs };
    this.#membership = membership;
    void this.#keepRenewing(membership);
  }

  /** @param current what it is now; once it is something else, somebody else sees to it */
  async #keepRenewing(current: Membership): Promise<void> {
    while (!this.#isClosed) {
      await this.#sleep(this.#times.renewMs);
      if (this.#membership !== current) return;
      const renewedMs = this.#clock.monotonicMs();
      const told = await this.#tell();
      if (this.#membership !== current) return;
      // Others took this instance for gone: they have to see it once more.
      if (told === 'anew') return void this.#announcing();
      if (told === 'again') this.#membership = current = { kind: 'cut', renewedMs };
    }
  }

  /** Returns whether the others knew already, or undefined if the database could not be told. */
  async #tell(): Promise<'again' | 'anew' | undefined> {
    try {
      return (await this.#state.announce({ name: this.#name, value: this.#newToken() })) ? 'again' : 'anew';
    } catch {
      return undefined;
    }
  }

  async #keepLooking(): Promise<void> {
    while (!this.#isClosed) {
      const startedMs = this.#clock.monotonicMs();
      try {
        if (!this.#hasBegun) await this.#state.begin(this.#newToken());
        this.#hasBegun = true;
        const { generation, cuts } = await this.#state.read();
        this.#look = { startedMs, generation, isWhole: cuts.length === 0 };
        await this.#forgetGone(cuts);
      } catch {
        // The last look counts until its time is over. The database has a health check of its own.
      }
      await this.#sleep(this.#times.pollMs);
    }
  }

  async #forgetGone(cuts: readonly CutRow[]): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const names = new Set(cuts.map(({ name }) => name));
    for (const name of this.#others.keys()) if (!names.has(name)) this.#others.delete(name);
    for (const cut of cuts) {
      const known = this.#others.get(cut.name);
      if (known === undefined || known.value !== cut.value)
        this.#others.set(cut.name, { value: cut.value, sinceMs: nowMs });
      else if (nowMs - known.sinceMs > this.#times.forgetMs) await this.#state.forget(cut, this.#newToken());
    }
  }

  #sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(delayMs, () => {
        this.#timers.delete(timer);
        resolve();
      });
      this.#timers.add(timer);
    });
  }
}
