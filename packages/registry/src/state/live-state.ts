import type { ServiceInstance } from '@flotilla/contracts';
import { type InstanceEntry, showInstance } from '../catalog/instance-entry.ts';
import { MaintenanceTable } from '../catalog/maintenance-table.ts';
import { ServiceCatalog } from '../catalog/service-catalog.ts';
import { type Lease, LeaseTable } from '../lease/lease-table.ts';
import type { Change, InstanceRecord, StoreContents, StoredInstance } from '../store/instance-store.ts';
import type { ChangeEvent } from '../watch/event-ring.ts';
import { WatchHub } from '../watch/watch-hub.ts';
import type { AppliedChange } from '../write/write-queue.ts';
import type { Membership, ResolvedRegistryOptions } from './options.ts';
import { SeenLog } from './seen-log.ts';

/**
 * What is in memory: the catalog, its leases, and those who watch. It follows the store: only a change that is durable
 * comes here, so nobody ever sees one that a crash could take back.
 */
export class LiveState {
  readonly catalog: ServiceCatalog = new ServiceCatalog();
  readonly maintenance: MaintenanceTable = new MaintenanceTable();
  readonly leases: LeaseTable<InstanceEntry>;
  readonly hub: WatchHub;
  readonly seen: SeenLog;
  readonly #options: ResolvedRegistryOptions;
  /** Who is hidden: their lease has run out, and that could not be stored. */
  readonly #lapsed = new Set<InstanceEntry>();
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
      isInUse: () => this.catalog.size > 0,
      onError: (error) => options.onBackgroundError(error, 'note signs of life'),
    });
    for (const record of contents.maintenance) this.maintenance.put(record);
    // The newest last: an address and port is its.
    for (const stored of contents.instances.toSorted((a, b) => a.revision - b.revision))
      this.#restore(stored, contents.aliveMs);
    if (this.catalog.size > 0) this.seen.begin();
    this.hub = new WatchHub({
      historyEvents: options.historyEvents,
      historyBytes: options.historyBytes,
      maxWatches: options.maxWatches,
      revision: contents.revision,
      history: contents.history,
      hasUnstored: () => this.#lapsed.size > 0,
      snapshot: (services) => this.#snapshot(services),
      clock: options.clock,
    });
  }

  /** Everybody hidden by `hide` who has neither gone nor come back. */
  get lapsed(): readonly InstanceEntry[] {
    return [...this.#lapsed];
  }

  /** The revision of the last change. */
  get revision(): number {
    return this.#revision;
  }

  /** Notes a sign of life that came at `nowMs`, wall-clock time, from `client`: the lease runs in full again. */
  touch(entry: InstanceEntry, nowMs: number, client?: string): void {
    entry.lastSeenMs = nowMs;
    if (entry.client === undefined && client !== undefined) this.catalog.claim(entry, client);
    if (entry.lease !== undefined) this.leases.renew(entry.lease, entry.record.lease_ms);
    this.seen.note(entry);
    if (!entry.lapsed) return;
    entry.lapsed = false;
    this.#lapsed.delete(entry);
    this.#showAnew([entry]);
  }

  /**
   * Hides instances whose lease has run out while that can't be stored. They have no revision of their own for it, so
   * those who watch are shown everything anew.
   */
  hide(entries: readonly InstanceEntry[]): void {
    const shown = entries.filter((entry) => !entry.lapsed);
    for (const entry of shown) entry.lapsed = true;
    for (const entry of entries) this.#lapsed.add(entry);
    this.#showAnew(shown);
  }

  /** Makes memory follow a durable change. Watchers hear of it with `publish`. */
  apply({ change, revision }: AppliedChange): void {
    this.#revision = revision;
    switch (change.kind) {
      case 'put':
        this.#put(change, revision);
        return;
      case 'delete':
        this.#delete(change, revision);
        return;
      case 'maintain':
        this.maintenance.put(change);
        this.#wish(change.name, change.id, change.goneMs === undefined);
        return;
      case 'end-maintenance':
        this.maintenance.remove(change.name, change.id);
        this.#wish(change.name, change.id, false);
        return;
      default:
        change satisfies never;
    }
  }

  /** Tells watchers of everything applied since the last time. */
  publish(): void {
    const events = this.#unpublished;
    this.#unpublished = [];
    this.hub.publish(events, this.#revision);
  }

  /** Stops the timers, and ends the watches. */
  stop(): void {
    this.leases.close();
    this.hub.close();
  }

  #restore({ record, revision, lastSeenMs }: StoredInstance, aliveMs: number): void {
    // Both times were noted while the registry worked, so the time it was away for does not count.
    const leftMs = lastSeenMs + record.lease_ms - Math.max(aliveMs, lastSeenMs);
    const graceMs = Math.max(Math.min(leftMs, record.lease_ms), this.#options.minRestartGraceMs);
    this.#enter(record, revision, lastSeenMs, graceMs);
  }

  #put({ record, lastSeenMs, client }: Extract<Change, { kind: 'put' }>, revision: number): void {
    const present = this.catalog.get(record.name, record.id);
    const entry = present ?? this.#enter(record, revision, lastSeenMs, record.lease_ms, client);
    if (present !== undefined) {
      const before = present.record;
      present.record = record;
      present.revision = revision;
      present.client = client ?? present.client;
      this.catalog.put(present, before);
    }
    if (!entry.lapsed) this.#unpublished.push({ type: 'put', revision, instance: showInstance(entry) });
    if (present === undefined) this.#tell({ kind: 'added', name: record.name, id: record.id });
  }

  #enter(
    record: InstanceRecord,
    revision: number,
    lastSeenMs: number,
    firstMs: number,
    client?: string,
  ): InstanceEntry {
    const wish = this.maintenance.get(record.name, record.id);
    const entry: InstanceEntry = {
      record,
      revision,
      lastSeenMs,
      lease: undefined,
      client,
      maintenance: wish !== undefined && wish.goneMs === undefined,
      lapsed: false,
    };
    entry.lease = this.leases.grant(entry, record.lease_ms, firstMs);
    this.catalog.put(entry);
    return entry;
  }

  #delete({ name, id, reason }: Extract<Change, { kind: 'delete' }>, revision: number): void {
    const entry = this.catalog.get(name, id);
    if (entry !== undefined) this.#remove(entry);
    this.#unpublished.push({ type: 'delete', revision, name, id, reason });
    if (entry !== undefined) this.#tell({ kind: reason, name, id });
  }

  #wish(name: string, id: string, wished: boolean): void {
    const entry = this.catalog.get(name, id);
    if (entry === undefined) return;
    entry.maintenance = wished;
    this.catalog.touched(entry);
  }

  /** Last of what a change does, so that a listener that throws leaves nothing half done. */
  #tell(membership: Membership): void {
    this.#options.onMembership(membership);
  }

  #showAnew(entries: readonly InstanceEntry[]): void {
    if (entries.length === 0) return;
    for (const entry of entries) this.catalog.touched(entry);
    this.hub.showAnew(new Set(entries.map(({ record }) => record.name)));
  }

  #remove(entry: InstanceEntry): void {
    this.catalog.remove(entry);
    this.#lapsed.delete(entry);
    this.seen.forget(entry);
    if (entry.lease !== undefined) this.leases.release(entry.lease);
  }

  #snapshot(services: ReadonlySet<string> | undefined): readonly ServiceInstance[] {
    const names = services === undefined ? this.catalog.names : [...services].sort();
    return names.flatMap((name) => this.catalog.instances(name).map(showInstance));
  }
}
