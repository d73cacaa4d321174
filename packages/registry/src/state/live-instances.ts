import { placeKey } from '../catalog/endpoint.ts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import { ServiceCatalog } from '../catalog/service-catalog.ts';
import { StatusRecords } from '../catalog/status-records.ts';
import { LeaseTable } from '../lease/lease-table.ts';
import { type InstanceValue, placeOfInstance } from '../record/instance.ts';
import type { RecordLease } from '../record/log-record.ts';
import type { StoreContents } from '../store/record-store.ts';
import type { ResolvedRegistryOptions } from './options.ts';
import { SeenLog } from './seen-log.ts';

/** How {@link LiveInstances} work. */
export interface LiveInstancesOptions
  extends Pick<
    ResolvedRegistryOptions,
    'store' | 'clock' | 'minRestartGraceMs' | 'noteSeenEveryMs' | 'onBackgroundError'
  > {
  /** An instance has given a sign of life. */
  readonly onHeard: (entry: InstanceEntry) => void;
  /** Leases have run out. */
  readonly onExpired: (entries: readonly InstanceEntry[]) => void;
  /** Instances are shown in another way than before, without a change that is stored. */
  readonly onShownAnew: (entries: readonly InstanceEntry[]) => void;
}

/** The instances in memory: the catalog, what their status is made of, their leases, and who is hidden. */
export class LiveInstances {
  readonly catalog: ServiceCatalog = new ServiceCatalog();
  readonly statuses: StatusRecords = new StatusRecords();
  readonly leases: LeaseTable<InstanceEntry>;
  readonly seen: SeenLog;
  readonly #options: LiveInstancesOptions;
  /** Who is hidden: their lease has run out, and that could not be stored. */
  readonly #lapsed = new Set<InstanceEntry>();
  #displaced: InstanceEntry[] = [];

  constructor(options: LiveInstancesOptions) {
    this.#options = options;
    const { store, clock, noteSeenEveryMs, onExpired, onBackgroundError } = options;
    this.leases = new LeaseTable({ clock, onExpired: (leases) => onExpired(leases.map(({ holder }) => holder)) });
    this.seen = new SeenLog({
      store,
      clock,
      everyMs: noteSeenEveryMs,
      isInUse: () => this.catalog.size > 0,
      onError: (error) => onBackgroundError(error, 'record signs of life'),
    });
  }

  /** Everybody hidden by `hide` who has neither gone nor come back. */
  get lapsed(): readonly InstanceEntry[] {
    return [...this.#lapsed];
  }

  /** Whether anybody is hidden. */
  get hasLapsed(): boolean {
    return this.#lapsed.size > 0;
  }

  /** Takes over the instances that a store holds, once it is known what their status is made of. Returns their entries. */
  load({ records, aliveMs }: StoreContents): ReadonlySet<InstanceEntry> {
    const loaded = new Set<InstanceEntry>();
    // The newest last: an address and port is its.
    for (const record of records.toSorted((a, b) => a.revision - b.revision)) {
      if (record.kind !== 'instance') continue;
      const { value, lease, revision } = record;
      const seenMs = lease?.seenMs ?? aliveMs;
      // Both times were noted while a registry worked, so the time it was away for does not count.
      const leftMs = seenMs + value.lease_ms - Math.max(aliveMs, seenMs);
      const firstMs = Math.max(Math.min(leftMs, value.lease_ms), this.#options.minRestartGraceMs);
      const before = this.catalog.get(value.name, value.id);
      const entry = this.put(value, lease, revision, { firstMs, createdRevision: record.createdRevision });
      if (entry === before) this.judge(record.key);
      loaded.add(entry);
    }
    if (loaded.size > 0) this.seen.begin();
    return loaded;
  }

  /**
   * Makes memory hold an instance as the store does.
   *
   * @param lease default: this registry's, if it is new
   * @param fresh of a new one: how long its lease runs first (default: in full), and which revision made it (default: this one)
   */
  put(
    record: InstanceValue,
    lease: RecordLease | undefined,
    revision: number,
    fresh: { readonly firstMs?: number; readonly createdRevision?: number } = {},
  ): InstanceEntry {
    const endpoint = placeKey(record);
    const present = this.#presentAt(endpoint, record);
    const there = this.catalog.at(endpoint);
    if (there !== undefined && there !== present) this.#displaced.push(there);
    if (present === undefined) return this.#enter(record, endpoint, lease, revision, fresh);
    const hadLease = present.record.lease_ms > 0;
    present.record = record;
    present.revision = revision;
    present.lastSeenMs = Math.max(present.lastSeenMs, lease?.seenMs ?? 0);
    if (lease !== undefined && lease.owner !== present.owner) this.#changeOwner(present, lease.owner);
    else if (hadLease !== record.lease_ms > 0) this.#grantAnew(present);
    this.catalog.put(present);
    return present;
  }

  remove(entry: InstanceEntry): void {
    this.catalog.remove(entry);
    this.#lapsed.delete(entry);
    this.seen.forget(entry);
    if (entry.lease !== undefined) this.leases.release(entry.lease);
  }

  /** What the status of the instance with `key` is made of has changed. */
  judge(key: string): void {
    const [name, id] = placeOfInstance(key);
    const entry = this.catalog.get(name, id);
    if (entry === undefined) return;
    entry.maintenance = this.statuses.isWished(name, id);
    entry.checked = this.statuses.checked(name, id);
    this.catalog.touched(entry);
    // Of who has no lease, its checks are the signs of life.
    if (entry.record.lease_ms === 0 && entry.checked !== 'critical') this.#options.onHeard(entry);
  }

  /** Notes a sign of life that came at `nowMs`, wall-clock time, from `client`: the lease runs in full again. */
  touch(entry: InstanceEntry, nowMs: number, client?: string): void {
    this.hear(entry, nowMs);
    if (entry.client === undefined && client !== undefined) this.catalog.claim(entry, client);
    this.seen.note(entry);
  }

  /** Hears of a sign of life that somebody else has noted. */
  hear(entry: InstanceEntry, seenMs: number): void {
    entry.lastSeenMs = seenMs;
    if (entry.lease !== undefined) this.leases.renew(entry.lease, entry.record.lease_ms);
    this.#comeBack(entry);
    this.#options.onHeard(entry);
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

  /** Whose endpoint another one has taken since this was asked last, though they were not removed. */
  takeDisplaced(): readonly InstanceEntry[] {
    if (this.#displaced.length === 0) return this.#displaced;
    const displaced = this.#displaced;
    this.#displaced = [];
    return displaced;
  }

  /** The entry of a record. An id that has come to another place is somebody else: what was known goes. */
  #presentAt(endpoint: string, { name, id }: InstanceValue): InstanceEntry | undefined {
    const entry = this.catalog.get(name, id);
    if (entry === undefined || entry.endpoint === endpoint) return entry;
    this.remove(entry);
    return undefined;
  }

  #enter(
    record: InstanceValue,
    endpoint: string,
    lease: RecordLease | undefined,
    revision: number,
    { firstMs, createdRevision = revision }: { readonly firstMs?: number; readonly createdRevision?: number },
  ): InstanceEntry {
    const { name, id } = record;
    const { store, clock } = this.#options;
    const entry: InstanceEntry = {
      record,
      endpoint,
      createdRevision,
      revision,
      lastSeenMs: lease?.seenMs ?? clock.now(),
      owner: lease?.owner ?? store.owner,
      lease: undefined,
      client: undefined,
      maintenance: this.statuses.isWished(name, id),
      checked: this.statuses.checked(name, id),
      enteredMs: firstMs === undefined ? this.leases.workedMs : Number.NEGATIVE_INFINITY,
      lapsed: false,
    };
    this.#grant(entry, firstMs);
    this.catalog.put(entry);
    return entry;
  }

  /** The owner of a lease counts its time, and nobody else. One of length 0 never runs out. */
  #grant(entry: InstanceEntry, firstMs?: number): void {
    if (entry.owner !== this.#options.store.owner || entry.record.lease_ms === 0) return;
    entry.lease = this.leases.grant(entry, entry.record.lease_ms, firstMs);
  }

  #changeOwner(entry: InstanceEntry, owner: string): void {
    entry.owner = owner;
    this.#grantAnew(entry);
    this.#comeBack(entry);
  }

  #grantAnew(entry: InstanceEntry): void {
    if (entry.lease !== undefined) this.leases.release(entry.lease);
    entry.lease = undefined;
    this.#grant(entry);
  }

  #comeBack(entry: InstanceEntry): void {
    if (!entry.lapsed) return;
    entry.lapsed = false;
    this.#lapsed.delete(entry);
    this.#showAnew([entry]);
  }

  #showAnew(entries: readonly InstanceEntry[]): void {
    if (entries.length === 0) return;
    for (const entry of entries) this.catalog.touched(entry);
    this.#options.onShownAnew(entries);
  }
}
