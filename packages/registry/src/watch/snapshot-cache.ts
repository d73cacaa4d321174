import type { Clock, ServiceInstance } from '@flotilla/contracts';

/** What a {@link SnapshotCache} works with. */
export interface SnapshotCacheOptions {
  /** What a snapshot shows, now. */
  readonly snapshot: (services: ReadonlySet<string> | undefined) => readonly ServiceInstance[];
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** The most sets of services whose snapshot is kept. */
const maxSets = 64;

/** How long a snapshot is kept while nothing changes but signs of life, which have no revision, in milliseconds. */
const keepMs = 1_000;

/** Makes one snapshot for all who ask for the same services at the same revision: after an outage that is everybody. */
export class SnapshotCache {
  readonly #options: SnapshotCacheOptions;
  readonly #kept = new Map<string, readonly ServiceInstance[]>();
  #sinceMs = 0;

  constructor(options: SnapshotCacheOptions) {
    this.#options = options;
  }

  get(services: ReadonlySet<string> | undefined): readonly ServiceInstance[] {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#sinceMs >= keepMs || this.#kept.size >= maxSets) this.clear();
    if (this.#kept.size === 0) this.#sinceMs = nowMs;
    // A name holds no space, and none is empty.
    const key = services === undefined ? '' : [...services].sort().join(' ');
    const instances = this.#kept.get(key) ?? this.#options.snapshot(services);
    this.#kept.set(key, instances);
    return instances;
  }

  /** Forgets everything: what is shown has changed. */
  clear(): void {
    this.#kept.clear();
  }
}
