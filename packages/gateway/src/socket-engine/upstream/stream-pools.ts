import type { Upstream } from '../../upstream/upstream.ts';
import type { StreamPool } from '../sides/stream-pool.ts';
import type { PoolSettings } from './pool-settings.ts';
import { UpstreamRoom } from './upstream-room.ts';

/**
 * A protocol that upstreams are spoken to in: makes the pool of streams to one of them.
 *
 * @param onGone to be called when the upstream is retired and its last connection closed
 */
export type CreateStreamPool = (upstream: Upstream, settings: PoolSettings, onGone: () => void) => StreamPool;

/** The streams to all upstreams of one engine. */
export class StreamPools {
  readonly #create: CreateStreamPool;
  readonly #settings: PoolSettings;
  readonly #pools = new Map<Upstream, StreamPool>();

  /** @param settings `openFiles`: how many connections may be open together, as far as there are file descriptors */
  constructor(create: CreateStreamPool, settings: Omit<PoolSettings, 'room'> & { readonly openFiles: number }) {
    this.#create = create;
    this.#settings = { ...settings, room: new UpstreamRoom(settings.openFiles, () => this.#closeIdle()) };
  }

  /** Open connections to all upstreams, idle ones included. */
  get size(): number {
    let size = 0;
    for (const pool of this.#pools.values()) size += pool.size;
    return size;
  }

  to(upstream: Upstream): StreamPool {
    const known = this.#pools.get(upstream);
    if (known !== undefined) return known;
    const pool = this.#create(upstream, this.#settings, () => this.#pools.delete(upstream));
    upstream.slot = pool;
    this.#pools.set(upstream, pool);
    return pool;
  }

  close(): void {
    for (const pool of [...this.#pools.values()]) pool.close();
  }

  #closeIdle(): boolean {
    return this.#pools.values().some((pool) => pool.closeIdle());
  }
}
