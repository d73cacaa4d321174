import type { Endpoint, ServiceSnapshot } from '@flotilla/contracts';
import { OutageLog } from '../retry/outage-log.ts';
import { keepEndpoints, nextSnapshot, unknownSnapshot } from './endpoint-list.ts';
import type { Feed, FeedParts } from './feed.ts';
import { KeptStream } from './kept-stream.ts';
import type { SnapshotSource } from './snapshot-source.ts';

interface Followed {
  snapshot: ServiceSnapshot;
  readonly stream: KeptStream;
}

/** What a source tells as whole lists, service by service: each has a stream of its own, so that one that fails disturbs no other. */
export class SnapshotFeed implements Feed {
  readonly #source: SnapshotSource;
  readonly #parts: FeedParts;
  readonly #followed = new Map<string, Followed>();
  #closed = false;

  constructor(source: SnapshotSource, parts: FeedParts) {
    this.#source = source;
    this.#parts = parts;
  }

  get(service: string): ServiceSnapshot | undefined {
    return this.#followed.get(service)?.snapshot;
  }

  follow(service: string): ServiceSnapshot {
    const present = this.#followed.get(service);
    if (present !== undefined) return present.snapshot;
    const followed: Followed = {
      snapshot: unknownSnapshot(service),
      stream: this.#streamOf(service, (state, endpoints) => this.#update(followed, state, endpoints)),
    };
    this.#followed.set(service, followed);
    if (!this.#closed) followed.stream.renew();
    return followed.snapshot;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#followed.values()].map(({ stream }) => stream.close()));
    this.#source.close();
  }

  /** `update` without endpoints: they are as they were. */
  #streamOf(service: string, update: (state: 'fresh' | 'stale', endpoints?: readonly Endpoint[]) => void): KeptStream {
    const source = this.#source;
    const { clock, random, logger } = this.#parts;
    const outage = new OutageLog(clock, logger, {
      down: `cannot find the instances of ${service}; still using the last known ones; retrying`,
      up: `found the instances of ${service} again`,
    });
    return new KeptStream({
      clock,
      random,
      silenceLimitMs: source.silenceLimitMs,
      outage,
      run: ({ signal, onActivity }) =>
        source.follow({
          service,
          signal,
          onActivity,
          onEndpoints(endpoints, state = 'fresh') {
            if (signal.aborted) return;
            onActivity();
            outage.succeeded();
            update(state, endpoints);
          },
        }),
      onLost: () => update('stale'),
    });
  }

  #update(followed: Followed, state: 'fresh' | 'stale', endpoints: readonly Endpoint[] | undefined): void {
    const before = followed.snapshot;
    if (endpoints === undefined && before.state === 'unknown') return;
    const kept = endpoints === undefined ? before.endpoints : keepEndpoints(before.endpoints, endpoints);
    followed.snapshot = nextSnapshot(before, state, kept);
    if (followed.snapshot !== before) this.#parts.onChange([before.service]);
  }
}
