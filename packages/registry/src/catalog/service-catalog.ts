import type { InstanceStatus } from '@flotilla/contracts';
import { WeightedRotation } from '@flotilla/kit/scheduling';
import { type InstanceEntry, isEntryReady, statusOf } from './instance-entry.ts';
import { countedOf, Usage } from './usage.ts';

/** How many instances a service has in one status. */
export interface StatusCount {
  readonly name: string;
  readonly status: InstanceStatus;
  readonly count: number;
}

/** Everything registered, in memory. It knows of no store, lease or watch: who changes it keeps those in step. */
export class ServiceCatalog {
  readonly #services = new Map<string, CatalogService>();
  /** Who is at an address and port. One place belongs to one instance, whatever the service. */
  readonly #byEndpoint = new Map<string, InstanceEntry>();
  /** Whose id it is: usually one, but ids are unique only within a service. */
  readonly #byId = new Map<string, Set<InstanceEntry>>();
  /** How much is registered, for whom and by whom. */
  readonly usage: Usage = new Usage();
  #sortedNames: readonly string[] | undefined;
  #size = 0;

  /** How many instances there are, over all services. */
  get size(): number {
    return this.#size;
  }

  /** The names of services that have instances, sorted. */
  get names(): readonly string[] {
    this.#sortedNames ??= [...this.#services.keys()].sort();
    return this.#sortedNames;
  }

  get(name: string, id: string): InstanceEntry | undefined {
    return this.#services.get(name)?.byId.get(id);
  }

  /** The instances of that id, of whatever service. */
  byId(id: string): readonly InstanceEntry[] {
    return [...(this.#byId.get(id) ?? [])];
  }

  /** The instance at an endpoint, of whatever service; `endpoint` is an `endpointKey`. */
  at(endpoint: string): InstanceEntry | undefined {
    return this.#byEndpoint.get(endpoint);
  }

  /** Whether nobody else is at the entry's endpoint. */
  isAtItsEndpoint(entry: InstanceEntry): boolean {
    return this.at(entry.endpoint) === entry;
  }

  /** A service's instances by id, sorted, without those whose lease has run out. */
  instances(name: string): readonly InstanceEntry[] {
    return this.#services.get(name)?.sorted() ?? [];
  }

  /** The next served instance in the rotation of a service. Changes nothing but the rotation. */
  pick(name: string): InstanceEntry | undefined {
    return this.#services.get(name)?.next();
  }

  /** Adds an entry, or notes that the record of one that is in was changed. */
  put(entry: InstanceEntry): void {
    const { name, id } = entry.record;
    let service = this.#services.get(name);
    if (service === undefined) {
      service = new CatalogService();
      this.#services.set(name, service);
      this.#sortedNames = undefined;
    }
    if (!service.byId.has(id)) this.#size += 1;
    service.byId.set(id, entry);
    this.#count(entry, true);
    const sharing = this.#byId.get(id);
    if (sharing === undefined) this.#byId.set(id, new Set([entry]));
    else sharing.add(entry);
    this.#byEndpoint.set(entry.endpoint, entry);
    service.changed(entry);
  }

  /** Notes that an entry is shown in another way than before, without a change of its record. */
  touched(entry: InstanceEntry): void {
    this.#services.get(entry.record.name)?.changed(entry);
  }

  /** Notes who has registered an entry. */
  claim(entry: InstanceEntry, client: string): void {
    entry.client = client;
    if (entry.counted === undefined || entry.counted.client === client) return;
    this.usage.count(entry.counted, -1);
    entry.counted = { ...entry.counted, client };
    this.usage.count(entry.counted, 1);
  }

  /** Takes an entry out; a service without instances is gone. */
  remove(entry: InstanceEntry): void {
    const { name, id } = entry.record;
    const service = this.#services.get(name);
    if (service === undefined || !service.byId.delete(id)) return;
    this.#size -= 1;
    this.#count(entry, false);
    const sharing = this.#byId.get(id);
    sharing?.delete(entry);
    if (sharing?.size === 0) this.#byId.delete(id);
    // Unless another one is there by now.
    if (this.#byEndpoint.get(entry.endpoint) === entry) this.#byEndpoint.delete(entry.endpoint);
    service.changed(entry);
    if (service.byId.size > 0) return;
    this.#services.delete(name);
    this.#sortedNames = undefined;
  }

  /** Every entry, in no order. */
  *all(): Generator<InstanceEntry, void, void> {
    for (const { byId } of this.#services.values()) yield* byId.values();
  }

  /** Counts for the metrics. */
  counts(): readonly StatusCount[] {
    return this.names.flatMap((name) => {
      const byStatus = Map.groupBy(this.instances(name), statusOf);
      return [...byStatus].map(([status, entries]) => ({ name, status, count: entries.length }));
    });
  }

  #count(entry: InstanceEntry, isIn: boolean): void {
    if (entry.counted !== undefined) this.usage.count(entry.counted, -1);
    delete entry.counted;
    if (!isIn) return;
    entry.counted = countedOf(entry.record, entry.client);
    this.usage.count(entry.counted, 1);
  }
}

/** One service. The list is made when it is asked for after a change, not with every change. */
class CatalogService {
  readonly byId = new Map<string, InstanceEntry>();
  readonly #rotation = new WeightedRotation<InstanceEntry>();
  /** Those of weight 0, which come up only when there is no other. */
  readonly #reserve = new WeightedRotation<InstanceEntry>();
  #sorted: readonly InstanceEntry[] | undefined;

  /** Something about `entry` has changed, or it has come or gone. */
  changed(entry: InstanceEntry): void {
    this.#sorted = undefined;
    const { id, weight } = entry.record;
    const isServed = this.byId.get(id) === entry && isEntryReady(entry);
    if (isServed && weight > 0) this.#rotation.set(entry, weight);
    else this.#rotation.delete(entry);
    if (isServed && weight === 0) this.#reserve.set(entry, 1);
    else this.#reserve.delete(entry);
  }

  /** The served instance whose turn it is. */
  next(): InstanceEntry | undefined {
    return this.#rotation.next() ?? this.#reserve.next();
  }

  sorted(): readonly InstanceEntry[] {
    this.#sorted ??= [...this.byId.values()]
      .filter((entry) => !entry.lapsed)
      .sort((a, b) => (a.record.id < b.record.id ? -1 : 1));
    return this.#sorted;
  }
}
