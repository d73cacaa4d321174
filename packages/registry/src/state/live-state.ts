import type { ServiceInstance } from '@flotilla/contracts';
import { type InstanceEntry, showInstance } from '../catalog/instance-entry.ts';
import { ServiceCatalog } from '../catalog/service-catalog.ts';
import { type Lease, LeaseTable } from '../lease/lease-table.ts';
import type { StoreContents, StoredInstance } from '../store/instance-store.ts';
import type { ChangeEvent } from '../watch/event-ring.ts';
import { WatchHub } from '../watch/watch-hub.ts';
import type { AppliedChange } from '../write/write-queue.ts';
import type { ResolvedRegistryOptions } from './options.ts';
import { SeenLog } from './seen-log.ts';

/**
 * What is in memory: the catalog, its leases, and those who watch. It follows the store: only a change that is durable
 * comes here, so nobody ever sees one that a crash could take back.
 */
export class LiveState {
  readonly catalog: ServiceCatalog = new ServiceCatalog();
  readonly leases: LeaseTable<InstanceEntry>;
  readonly hub: WatchHub;
  readonly seen: SeenLog;
  readonly #options: ResolvedRegistryOptions;
  #unpublished: ChangeEvent[] = [];
  #revision: number;

  constructor(
    options: ResolvedRegistryOptions,
    contents: StoreContents,
    onExpired: (leases: readonly Lease<InstanceEntry>[]) => void,
  ) {
    this.#options = options;
    this.#revision = contents.revision;
    this.leases = new LeaseTable({ clock: options.clock, onExpired });
    this.seen = new SeenLog({
      store: options.store,
      clock: options.clock,
      everyMs: options.noteSeenEveryMs,
      onError: (error) => options.onBackgroundError(error, 'note signs of life'),
    });
    for (const stored of contents.instances) this.#restore(stored);
    this.hub = new WatchHub({
      historyEvents: options.historyEvents,
      maxWatches: options.maxWatches,
      revision: contents.revision,
      snapshot: (services) => this.#snapshot(services),
    });
  }

  /** The revision of the last change. */
  get revision(): number {
    return this.#revision;
  }

  /** Notes a sign of life that came at `nowMs`, wall-clock time: the lease runs in full again. */
  touch(entry: InstanceEntry, nowMs: number): void {
    entry.lastSeenMs = nowMs;
    if (entry.lease !== undefined) this.leases.renew(entry.lease, entry.record.lease_ms);
    this.seen.note(entry);
  }

  /** Makes memory follow a durable change. Watchers hear of it with `publish`. */
  apply({ change, revision }: AppliedChange): void {
    this.#revision = revision;
    if (change.kind === 'put') {
      const entry = this.#put(change.record, revision, change.lastSeenMs);
      this.#unpublished.push({ type: 'put', revision, instance: showInstance(entry) });
      return;
    }
    const { name, id, reason } = change;
    const entry = this.catalog.get(name, id);
    if (entry !== undefined) {
      this.#remove(entry);
      this.#options.onMembership({ kind: reason, name, id });
    }
    this.#unpublished.push({ type: 'delete', revision, name, id, reason });
  }

  /** Tells watchers of everything applied since the last time. */
  publish(): void {
    const events = this.#unpublished;
    this.#unpublished = [];
    this.hub.publish(events);
  }

  /** Stops the timers, and ends the watches. */
  stop(): void {
    this.leases.close();
    this.hub.close();
  }

  #restore({ record, revision, lastSeenMs }: StoredInstance): void {
    const entry: InstanceEntry = { record, revision, lastSeenMs, credit: 0, lease: undefined };
    const graceMs = Math.max(record.lease_ms, this.#options.minRestartGraceMs);
    entry.lease = this.leases.grant(entry, record.lease_ms, graceMs);
    this.catalog.put(entry);
  }

  #put(record: InstanceEntry['record'], revision: number, lastSeenMs: number): InstanceEntry {
    const present = this.catalog.get(record.name, record.id);
    if (present === undefined) {
      const entry: InstanceEntry = { record, revision, lastSeenMs, credit: 0, lease: undefined };
      entry.lease = this.leases.grant(entry, record.lease_ms);
      this.catalog.put(entry);
      this.#options.onMembership({ kind: 'added', name: record.name, id: record.id });
      return entry;
    }
    const before = present.record;
    present.record = record;
    present.revision = revision;
    this.catalog.put(present, before);
    return present;
  }

  #remove(entry: InstanceEntry): void {
    this.catalog.remove(entry);
    this.seen.forget(entry);
    if (entry.lease !== undefined) this.leases.release(entry.lease);
  }

  #snapshot(services: ReadonlySet<string> | undefined): readonly ServiceInstance[] {
    const names = services === undefined ? this.catalog.names : [...services].sort();
    return names.flatMap((name) => this.catalog.instances(name).map(showInstance));
  }
}
