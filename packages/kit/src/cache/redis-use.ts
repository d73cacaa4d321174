import type { Clock, Timer } from '@flotilla/contracts';
import type { Redis } from '../redis/index.ts';
import type { CacheTimes } from './cache-times.ts';
import type { CacheTrust } from './cache-trust.ts';

/** What {@link RedisUse} needs. */
export interface RedisUseOptions {
  readonly redis: Redis;
  readonly trust: CacheTrust;
  readonly clock: Clock;
  /** A key that this instance alone writes. */
  readonly ownKey: string;
  readonly times: Pick<CacheTimes, 'retryMs' | 'replyMs'>;
}

/**
 * Whether Redis is worth asking. After a reply that did not come in time nobody asks for a second: only one read in a while
 * should wait for a Redis that is frozen, and that is none of a caller's. The same attempt ends being cut off.
 */
export class RedisUse {
  readonly #options: RedisUseOptions;
  #isSlow = false;
  #wasUnusable = false;
  #timer: Timer | undefined;

  constructor(options: RedisUseOptions) {
    this.#options = options;
    this.#wait();
  }

  /** In which epoch values are that count now, and can be asked for; undefined: none. */
  get epoch(): string | undefined {
    const { redis, trust } = this.#options;
    const { run } = redis;
    if (this.#isSlow || run === undefined) return undefined;
    const { generation } = trust;
    return generation === undefined ? undefined : `${generation}.${run}`;
  }

  /** Whether a write should tell Redis that it begins. */
  get canBeTold(): boolean {
    return !this.#isSlow && this.#options.redis.run !== undefined && !this.#options.trust.isCovered;
  }

  /** A reply did not come in time. */
  tooSlow(): void {
    this.#isSlow = true;
  }

  close(): void {
    this.#timer?.cancel();
  }

  #wait(): void {
    this.#timer = this.#options.clock.after(this.#options.times.retryMs, () => void this.#try());
  }

  async #try(): Promise<void> {
    const { redis, trust, ownKey, times } = this.#options;
    if ((this.#isSlow || trust.isCut) && redis.run !== undefined) {
      try {
        // A write: a replica, or a server whose memory is full, answers reads all the same.
        await redis.call(['SET', ownKey, '1', 'PX', times.retryMs], times.replyMs);
        this.#isSlow = false;
        await trust.rejoin();
      } catch {
        // The next attempt follows.
      }
    }
    // Said before the next write has to wait for it. Once is a moment that passes.
    const isUnusable = this.#isSlow || redis.run === undefined;
    if (isUnusable && this.#wasUnusable) trust.cover().catch(() => undefined);
    this.#wasUnusable = isUnusable;
    this.#wait();
  }
}
