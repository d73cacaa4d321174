import { AppError, type InstanceStatus, type Registration, type ServiceInstance } from '@flotilla/contracts';
import { type InstanceEntry, showInstance } from './catalog/instance-entry.ts';
import { type InstanceFilter, passes } from './catalog/instance-filter.ts';
import type { ServiceCatalog, StatusCount } from './catalog/service-catalog.ts';
import type { Lease } from './lease/lease-table.ts';
import { LiveState } from './state/live-state.ts';
import { type RegistryOptions, type ResolvedRegistryOptions, resolveOptions } from './state/options.ts';
import type { InstanceStore, StoreContents } from './store/instance-store.ts';
import type { Watch, WatchRequest } from './watch/watch-hub.ts';
import { Draft, type DraftRecord } from './write/draft.ts';
import { recordOf, sameRecord } from './write/registration-record.ts';
import { type Intent, WriteQueue } from './write/write-queue.ts';

/** What a registration came to. */
export interface Registered {
  readonly instance: ServiceInstance;
  /** False when an instance with this name, address and port was there already and has been renewed. */
  readonly created: boolean;
}

/** What a renewal came to. */
export interface RenewedLease {
  readonly lease_ms: number;
  /** RFC 3339, UTC. */
  readonly expires_at: string;
}

/** Numbers for the metrics; the last two only grow. */
export interface RegistryStats {
  readonly instances: number;
  readonly watches: number;
  readonly revision: number;
  readonly renewals: number;
  readonly expired: number;
}

/** How long an instance whose expiry could not be stored stays before it is tried again. */
const retryExpiryMs = 1_000;

/** Opens a registry on what its store holds. Rejects with what the store says if it can't be read. */
export async function createRegistry(options: RegistryOptions): Promise<Registry> {
  const resolved = resolveOptions(options);
  return new Registry(resolved, await resolved.store.load());
}

/**
 * The registry: who is where, who is alive, and what has changed. Reads and renewals are answered from memory; what
 * changes a record is durable before it is answered. Everything is checked before it comes here: it trusts its callers
 * to pass values that contracts' schemas accept.
 */
export class Registry {
  readonly #options: ResolvedRegistryOptions;
  readonly #store: InstanceStore;
  readonly #state: LiveState;
  readonly #catalog: ServiceCatalog;
  readonly #writes: WriteQueue<Draft>;
  #renewals = 0;
  #expired = 0;

  /** Use {@link createRegistry}. */
  constructor(options: ResolvedRegistryOptions, contents: StoreContents) {
    this.#options = options;
    this.#store = options.store;
    const state = new LiveState(options, contents, (leases) => void this.#expire(leases));
    this.#state = state;
    this.#catalog = state.catalog;
    this.#writes = new WriteQueue({
      store: options.store,
      newDraft: () => new Draft(state.catalog),
      apply: (applied) => state.apply(applied),
      published: () => state.publish(),
    });
  }

  /** The revision of the last change. */
  get revision(): number {
    return this.#state.revision;
  }

  /**
   * Adds an instance, or renews and updates the one of that name at that address and port, which keeps its id whatever
   * id the registration names. An id that is taken by an instance elsewhere moves to the new place: the old
   * instance is removed as `replaced`.
   */
  register(registration: Registration): Promise<Registered> {
    return this.#writes.submit((draft): Intent<Registered> => {
      const { name, address, port } = registration;
      const nowMs = this.#options.clock.now();
      const there = draft.at(name, address, port);
      const record = recordOf(registration, there?.record, nowMs);
      // A sign of life counts from now: an expiry in the same batch must see it.
      if (there?.entry !== undefined) this.#state.touch(there.entry, nowMs);
      const finish = (): Registered => {
        const entry = this.#required(name, record.id);
        this.#state.touch(entry, nowMs);
        return { instance: showInstance(entry), created: there === undefined };
      };
      if (there !== undefined && sameRecord(there.record, record)) return { changes: [], finish };
      const replaced = there === undefined ? draft.get(name, record.id) : undefined;
      const put = { kind: 'put', record, lastSeenMs: nowMs, ...expecting(there) } as const;
      if (replaced === undefined) return { changes: [put], finish };
      return {
        changes: [
          { kind: 'delete', name, id: record.id, reason: 'replaced', ...expecting(replaced) },
          { kind: 'put', record, lastSeenMs: nowMs },
        ],
        finish,
      };
    });
  }

  /** Lets an instance live for another lease. @throws {AppError} LEASE_NOT_FOUND: it has to register again */
  renew(name: string, id: string): RenewedLease {
    const entry = this.#catalog.get(name, id);
    if (entry === undefined) throw new AppError('LEASE_NOT_FOUND', { detail: detailOf(name, id) });
    this.#state.touch(entry, this.#options.clock.now());
    this.#renewals += 1;
    const { lease_ms } = entry.record;
    return { lease_ms, expires_at: new Date(entry.lastSeenMs + lease_ms).toISOString() };
  }

  /** Removes an instance. Rejects with INSTANCE_NOT_FOUND if it is not there. */
  deregister(name: string, id: string): Promise<void> {
    return this.#writes.submit((draft): Intent<void> => {
      const present = draft.get(name, id);
      if (present === undefined) throw instanceNotFound(name, id);
      return {
        changes: [{ kind: 'delete', name, id, reason: 'deregistered', ...expecting(present) }],
        finish: () => {},
      };
    });
  }

  /** Changes whether an instance gets traffic; no sign of life. Rejects with INSTANCE_NOT_FOUND if it is not there. */
  setStatus(name: string, id: string, status: InstanceStatus): Promise<ServiceInstance> {
    return this.#writes.submit((draft): Intent<ServiceInstance> => {
      const present = draft.get(name, id);
      if (present === undefined) throw instanceNotFound(name, id);
      const finish = (): ServiceInstance => showInstance(this.#required(name, id));
      if (present.record.status === status) return { changes: [], finish };
      const record = { ...present.record, status };
      const lastSeenMs = this.#catalog.get(name, id)?.lastSeenMs ?? this.#options.clock.now();
      return { changes: [{ kind: 'put', record, lastSeenMs, ...expecting(present) }], finish };
    });
  }

  /** The next instance of a service that should get traffic. Asking is no sign of life. */
  pick(name: string): ServiceInstance | undefined {
    const entry = this.#catalog.pick(name);
    return entry && showInstance(entry);
  }

  /** One instance. */
  get(name: string, id: string): ServiceInstance | undefined {
    const entry = this.#catalog.get(name, id);
    return entry && showInstance(entry);
  }

  /** The instances of a service, by id. */
  list(name: string, filter: InstanceFilter = {}): readonly ServiceInstance[] {
    return this.#catalog
      .instances(name)
      .filter((entry) => passes(entry, filter))
      .map(showInstance);
  }

  /** Every instance, by name and id. */
  listAll(filter: InstanceFilter = {}): readonly ServiceInstance[] {
    return this.#catalog.names.flatMap((name) => this.list(name, filter));
  }

  /** Follows the changes. @throws {AppError} OVERLOADED when too many do already, SHUTTING_DOWN after `endWatches` */
  watch(request: WatchRequest): Watch {
    return this.#state.hub.watch(request);
  }

  /** Ends every watch and refuses new ones, so that a server which waits for its requests can stop. */
  endWatches(): void {
    this.#state.hub.close();
  }

  stats(): RegistryStats {
    return {
      instances: this.#catalog.size,
      watches: this.#state.hub.size,
      revision: this.#state.revision,
      renewals: this.#renewals,
      expired: this.#expired,
    };
  }

  /** How many instances each service has in each status. */
  counts(): readonly StatusCount[] {
    return this.#catalog.counts();
  }

  /** Resolves if the store can be read. */
  check(): Promise<void> {
    return this.#store.check();
  }

  /** Answers the writes under way, notes the last signs of life, and closes the store. */
  async close(): Promise<void> {
    this.#state.stop();
    await this.#writes.close();
    await this.#state.seen.close();
    await this.#store.close();
  }

  async #expire(leases: readonly Lease<InstanceEntry>[]): Promise<void> {
    const results = await Promise.allSettled(leases.map((lease) => this.#removeExpired(lease)));
    const failed: unknown[] = [];
    for (const [index, lease] of leases.entries()) {
      const result = results[index];
      const { name, id } = lease.holder.record;
      if (result?.status !== 'rejected' || this.#catalog.get(name, id) !== lease.holder) continue;
      this.#state.leases.postpone(lease, retryExpiryMs);
      failed.push(result.reason);
    }
    // Once for all: what kept one from being removed has most likely kept the others too.
    if (failed.length > 0)
      this.#options.onBackgroundError(failed[0], `remove ${failed.length} instances whose lease has run out`);
  }

  #removeExpired(lease: Lease<InstanceEntry>): Promise<void> {
    const { name, id } = lease.holder.record;
    return this.#writes.submit((draft): Intent<void> => {
      const present = draft.get(name, id);
      // Renewed, removed, or replaced by another of the same id, after the timer fired.
      if (present?.entry !== lease.holder || this.#state.leases.isRunning(lease))
        return { changes: [], finish: () => {} };
      const finish = (): void => void (this.#expired += 1);
      return { changes: [{ kind: 'delete', name, id, reason: 'expired', ...expecting(present) }], finish };
    });
  }

  #required(name: string, id: string): InstanceEntry {
    const entry = this.#catalog.get(name, id);
    if (entry === undefined) throw new Error(`The instance ${name}/${id} was written and is not there`);
    return entry;
  }
}

/** The condition that a record is still the one that was read; none if it is part of the same batch. */
function expecting(present: DraftRecord | undefined): { readonly expectedRevision?: number } {
  if (present === undefined) return { expectedRevision: 0 };
  return present.revision === undefined ? {} : { expectedRevision: present.revision };
}

function instanceNotFound(name: string, id: string): AppError {
  return new AppError('INSTANCE_NOT_FOUND', { detail: detailOf(name, id) });
}

function detailOf(name: string, id: string): string {
  return `The service ${name} has no instance ${id}`;
}
