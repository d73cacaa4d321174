import type { Clock } from '@flotilla/contracts';
import { type Redis, RedisError, type RedisReply, type RedisScript } from '../redis/index.ts';
import { Flights } from '../scheduling/index.ts';
import type { CachedKind, EndWrite } from './cache.ts';
import type { CacheCounters } from './cache-metrics.ts';
import { beginWriteScript, endWriteScript, fillScript, leaseScript, releaseScript } from './cache-scripts.ts';
import type { CacheTimes } from './cache-times.ts';
import type { CacheTrust } from './cache-trust.ts';
import type { ValueForm } from './cached-value.ts';
import type { RedisUse } from './redis-use.ts';

/** What {@link RedisKind} needs. */
export interface RedisKindOptions<T> {
  readonly redis: Redis;
  readonly use: RedisUse;
  readonly trust: CacheTrust;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newToken: () => string;
  readonly counters: CacheCounters;
  /** What its keys begin with. */
  readonly prefix: string;
  readonly form: ValueForm<T>;
  readonly times: Pick<CacheTimes, 'replyMs' | 'endMs'>;
}

/** How long a value is kept, give or take a tenth, so that those that were loaded together do not end together. */
const keptMs = 60_000;
/** How long a reader may take to load a value. Later ones take over then, and what it loads is not kept. */
const leaseMs = 3_000;
/** How long a write counts as under way whose instance was killed: longer than any transaction takes. */
const writeMs = 30_000;

/** How long to wait, each time, for the value that another reader is loading. After that it is loaded here as well. */
const waitsMs: readonly number[] = [3, 5, 10, 20, 40];

/** See {@link CachedKind}. */
export class RedisKind<T> implements CachedKind<T> {
  readonly #options: RedisKindOptions<T>;
  readonly #flights = new Flights();

  constructor(options: RedisKindOptions<T>) {
    this.#options = options;
  }

  read(id: number | string, load: () => Promise<T | undefined>): Promise<T | undefined> {
    const key = this.#options.prefix + id;
    const { shared } = this.#options.counters;
    return this.#flights.run(
      key,
      () => this.#read(key, load),
      () => shared.inc(),
    );
  }

  async beginWrite(id: number | string): Promise<EndWrite> {
    const { use, newToken } = this.#options;
    const key = this.#options.prefix + id;
    const token = newToken();
    // If it fails, ending the write does what is necessary.
    if (use.canBeTold) await this.#ask(beginWriteScript, key, [token, writeMs]);
    return () => this.#endWrite(key, token);
  }

  async #endWrite(key: string, token: string): Promise<void> {
    const { trust, counters, times } = this.#options;
    // This must be looked at after the commit, and not before.
    if (!trust.isCovered) {
      const reply = await this.#ask(endWriteScript, key, [token], times.endMs);
      if (reply !== undefined) return counters.removed.inc();
      await trust.cover();
    }
    counters.covered.inc();
  }

  async #read(key: string, load: () => Promise<T | undefined>): Promise<T | undefined> {
    const { use, form, counters, clock } = this.#options;
    const { epoch } = use;
    if (epoch === undefined) {
      counters.bypass.inc();
      return load();
    }
    const prefix = form.prefix(epoch);
    for (const waitMs of waitsMs) {
      let held = await this.#get(key);
      if (held?.startsWith(prefix) !== true && held?.startsWith('l|') !== true && held?.startsWith('w|') !== true) {
        const token = this.#options.newToken();
        const reply = held === undefined ? undefined : await this.#ask(leaseScript, key, [prefix, token, leaseMs]);
        if (reply === undefined) {
          counters.bypass.inc();
          return load();
        }
        if (reply === 'leased') return this.#loadAndKeep(key, { token, epoch, load });
        held = String(reply);
      }
      if (held.startsWith(prefix)) {
        const kept = form.read(epoch, held);
        // Looked at once more: while Redis answered, an instance may have been cut off, and written.
        if (kept === undefined || use.epoch !== epoch) break;
        counters.hit.inc();
        return kept.value;
      }
      // A write may take long, and the database knows what counts until it has ended.
      if (held.startsWith('w|')) break;
      await new Promise<void>((resolve) => void clock.after(waitMs, resolve));
    }
    counters.contended.inc();
    return load();
  }

  async #loadAndKeep(
    key: string,
    {
      token,
      epoch,
      load,
    }: { readonly token: string; readonly epoch: string; readonly load: () => Promise<T | undefined> },
  ): Promise<T | undefined> {
    const { form, random, counters } = this.#options;
    counters.miss.inc();
    let value: T | undefined;
    try {
      value = await load();
      return value;
    } finally {
      // Nobody waits for it: a later command on this connection, such as the next read, finds it done.
      const keepMs = Math.round(keptMs * (0.9 + 0.2 * random()));
      void (value === undefined
        ? this.#ask(releaseScript, key, [token])
        : this.#ask(fillScript, key, [token, form.write(epoch, value), keepMs]));
    }
  }

  /** What the key holds: '' if nothing, or nothing that is a text; undefined if Redis does not answer. */
  async #get(key: string): Promise<string | undefined> {
    try {
      const reply = await this.#options.redis.call(['GET', key], this.#options.times.replyMs);
      return typeof reply === 'string' ? reply : '';
    } catch (error) {
      return this.#failed(error) === 'refused' ? '' : undefined;
    }
  }

  /** Runs a script; undefined if Redis has not done it, or not in time. */
  async #ask(
    script: RedisScript,
    key: string,
    values: readonly (string | number)[],
    limitMs: number = this.#options.times.replyMs,
  ): Promise<RedisReply | undefined> {
    try {
      return await this.#options.redis.script(script, [key], values, limitMs);
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  #failed(error: unknown): RedisError['kind'] {
    if (!(error instanceof RedisError)) throw error;
    if (error.kind === 'late') this.#options.use.tooSlow();
    return error.kind;
  }
}
