import { PrefixLengths } from './prefix-lengths.ts';

/** What can be waited for, as the table of topics names it. */
const keyTopicOf = {
  key: (key: string): string => `key:${key}`,
  prefix: (prefix: string): string => `keys:${prefix}`,
} as const;

/** The topic of all sessions. */
export const sessionsTopic = 'sessions';

/** How {@link KeyTopics} work. */
export interface KeyTopicsOptions {
  readonly touch: (topics: Iterable<string>, revision: number) => void;
  /** Wakes who waits for topics. */
  readonly wake: (topics: Iterable<string>) => void;
  /** The most keys and prefixes that are followed. Default 16 384: beyond that, who waits longest is told to ask again. */
  readonly maxFollowed?: number;
}

/**
 * The keys and prefixes that somebody has asked for: only their topics are touched by writes, so that a write costs no more
 * the longer its key is, and keys that nobody asks for push no other topic out of the table.
 */
export class KeyTopics {
  readonly #options: KeyTopicsOptions;
  readonly #maxFollowed: number;
  /** The topics, those asked for longest ago first, each with its prefix if it is of one. */
  readonly #followed = new Map<string, string | undefined>();
  readonly #lengths = new PrefixLengths();

  constructor(options: KeyTopicsOptions) {
    this.#options = options;
    this.#maxFollowed = options.maxFollowed ?? 16_384;
  }

  /**
   * Follows a key from now on. Returns its topic.
   *
   * @param revision one from which on it has not changed
   */
  followKey(key: string, revision: number): string {
    return this.#follow(keyTopicOf.key(key), undefined, revision);
  }

  /** As {@link followKey}, for all keys that begin with `prefix`. */
  followPrefix(prefix: string, revision: number): string {
    return this.#follow(keyTopicOf.prefix(prefix), prefix, revision);
  }

  /** The topics among those followed that a change of `key` is of. */
  *of(key: string): Generator<string, void, void> {
    const own = keyTopicOf.key(key);
    if (this.#followed.has(own)) yield own;
    for (const prefix of this.#lengths.of(key)) {
      const topic = keyTopicOf.prefix(prefix);
      if (this.#followed.has(topic)) yield topic;
    }
  }

  clear(): void {
    this.#followed.clear();
    this.#lengths.clear();
  }

  #follow(topic: string, prefix: string | undefined, revision: number): string {
    const isKnown = this.#followed.delete(topic);
    this.#followed.set(topic, prefix);
    if (isKnown) return topic;
    if (prefix !== undefined) this.#lengths.add(prefix);
    // What came while nobody followed it was not told to the table.
    this.#options.touch([topic], revision);
    if (this.#followed.size > this.#maxFollowed) this.#forgetOldest();
    return topic;
  }

  #forgetOldest(): void {
    for (const [topic, prefix] of this.#followed) {
      this.#followed.delete(topic);
      if (prefix !== undefined) this.#lengths.remove(prefix);
      this.#options.wake([topic]);
      return;
    }
  }
}
