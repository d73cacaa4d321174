import { randomBytes } from 'node:crypto';
import { type Clock, ForeseenError, type Timer } from '@flotilla/contracts';
import type { Redis } from '../redis/index.ts';
import { type EventSink, type RelayedEvent, RelayTaken } from './event-relay.ts';
import { appendScript, keepScript, leaseKey, streamKey, takeScript } from './redis-stream.ts';

/** What {@link RedisSink} needs. */
export interface RedisSinkOptions {
  readonly redis: Redis;
  /** The name of the service whose events these are. */
  readonly service: string;
  readonly clock: Clock;
  /** How many events a stream keeps at least. Default 10,000; a consumer that is further behind reads the HTTP feed. */
  readonly kept?: number;
}

/** How long an instance relays after its last sign of life, and how often it gives one. */
const leaseMs = 3_000;
const keepMs = 1_000;
/** How long to wait for Redis: nobody waits for the relay. */
const replyTimeoutMs = 2_000;

/**
 * A Redis Stream as a broker. One instance at a time relays, which has the lease; and events are appended only after the one that
 * this instance knows as the last, so that an instance which was stopped for a while, and does not know that it has lost the
 * lease, or a Redis that has lost its last entries, makes no gap and no disorder.
 */
export class RedisSink implements EventSink {
  readonly #options: RedisSinkOptions;
  readonly #keys: readonly string[];
  readonly #token = randomBytes(8).toString('hex');
  #last: number | undefined;
  #timer: Timer | undefined;

  constructor(options: RedisSinkOptions) {
    this.#options = options;
    this.#keys = [streamKey(options.service), leaseKey(options.service)];
  }

  async position(feed: string): Promise<number | undefined> {
    const { redis } = this.#options;
    const reply = await redis.script(takeScript, this.#keys, [this.#token, leaseMs, feed], replyTimeoutMs);
    if (reply === 'other') throw new RelayTaken();
    this.#keep();
    this.#last = reply === '' || reply === null ? undefined : Number(reply);
    return this.#last;
  }

  async publish(feed: string, events: readonly RelayedEvent[]): Promise<void> {
    const { redis, kept = 10_000 } = this.#options;
    const head = [this.#token, feed, this.#last ?? '', kept];
    const pairs = events.flatMap(({ position, json }) => [position, json]);
    const reply = await redis.script(appendScript, this.#keys, [...head, ...pairs], replyTimeoutMs);
    if (reply === 'other') throw new RelayTaken();
    if (reply !== 'done') throw new ForeseenError('The stream does not end where it ended before');
    this.#last = events.at(-1)?.position ?? this.#last;
  }

  /** Lets another instance relay at once. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.#tellLease(0);
  }

  #keep(): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(keepMs, () => {
      void this.#tellLease(leaseMs);
      this.#keep();
    });
  }

  async #tellLease(forMs: number): Promise<void> {
    try {
      await this.#options.redis.script(keepScript, this.#keys, [this.#token, forMs], replyTimeoutMs);
    } catch {
      // Without Redis there is no lease to keep.
    }
  }
}
