import { endpointKey } from '../catalog/endpoint.ts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import type { MaintenanceTable } from '../catalog/maintenance-table.ts';
import type { ServiceCatalog } from '../catalog/service-catalog.ts';
import { type Amount, type Counted, countedOf, sum, Usage } from '../catalog/usage.ts';
import type { Change, InstanceRecord, MaintenanceRecord } from '../store/instance-store.ts';

/** What a draft says of an instance. */
export interface DraftRecord {
  readonly record: InstanceRecord;
  /** The revision the record was committed at; undefined while it is part of the same, uncommitted batch. */
  readonly revision: number | undefined;
  /** What it counts as. */
  readonly counted: Counted;
  /** The instance in memory that this is, or changes; undefined if the batch makes a new one of that id. */
  readonly entry: InstanceEntry | undefined;
}

/** Who an instance is. */
interface Named {
  readonly name: string;
  readonly id: string;
}

/**
 * The catalog as it will be once a batch is committed. Each write of a batch decides by this view, so two writes
 * about one instance in one batch see each other, though nothing is visible to anyone else before the commit.
 */
export class Draft {
  readonly #catalog: ServiceCatalog;
  readonly #table: MaintenanceTable;
  readonly #changes: Change[] = [];
  /** By name and id; `undefined` stands for a deleted one. Neither holds a space, so a space can join them. */
  readonly #records = new Map<string, DraftRecord | undefined>();
  readonly #maintenance = new Map<string, MaintenanceRecord | undefined>();
  /** By endpoint: who is there. */
  readonly #endpoints = new Map<string, Named | undefined>();
  /** What the batch adds to what is registered. */
  readonly #added = new Usage();

  constructor(catalog: ServiceCatalog, table: MaintenanceTable) {
    this.#catalog = catalog;
    this.#table = table;
  }

  get changes(): readonly Change[] {
    return this.#changes;
  }

  get(name: string, id: string): DraftRecord | undefined {
    const key = `${name} ${id}`;
    if (this.#records.has(key)) return this.#records.get(key);
    const entry = this.#catalog.get(name, id);
    if (entry === undefined) return undefined;
    const { record, revision, counted = countedOf(record, entry.client) } = entry;
    return { record, revision, counted, entry };
  }

  get total(): Amount {
    return sum(this.#catalog.usage.total, this.#added.total);
  }

  ofService(name: string): Amount {
    return sum(this.#catalog.usage.ofService(name), this.#added.ofService(name));
  }

  ofClient(client: string): Amount {
    return sum(this.#catalog.usage.ofClient(client), this.#added.ofClient(client));
  }

  /** Who is at an endpoint, of whatever service. */
  at(address: string, port: number): DraftRecord | undefined {
    const endpoint = endpointKey(address, port);
    const there = this.#endpoints.has(endpoint) ? this.#endpoints.get(endpoint) : this.#catalog.at(endpoint)?.record;
    return there && this.get(there.name, there.id);
  }

  /** What an operator wishes for an instance. */
  maintenance(name: string, id: string): MaintenanceRecord | undefined {
    const key = `${name} ${id}`;
    return this.#maintenance.has(key) ? this.#maintenance.get(key) : this.#table.get(name, id);
  }

  /** Adds changes that the following decisions build on. */
  add(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#changes.push(change);
      this.#follow(change);
    }
  }

  #follow(change: Change): void {
    switch (change.kind) {
      case 'put': {
        const { record } = change;
        const before = this.#leave(record.name, record.id);
        const counted = countedOf(record, change.client ?? before?.counted.client);
        this.#added.count(counted, 1);
        this.#records.set(`${record.name} ${record.id}`, {
          record,
          revision: undefined,
          counted,
          entry: before?.entry,
        });
        this.#endpoints.set(endpointKey(record.address, record.port), record);
        return;
      }
      case 'delete':
        this.#leave(change.name, change.id);
        this.#records.set(`${change.name} ${change.id}`, undefined);
        return;
      case 'maintain':
        this.#maintenance.set(`${change.name} ${change.id}`, change);
        return;
      case 'end-maintenance':
        this.#maintenance.set(`${change.name} ${change.id}`, undefined);
        return;
      default:
        change satisfies never;
    }
  }

  #leave(name: string, id: string): DraftRecord | undefined {
    const before = this.get(name, id);
    if (before === undefined) return undefined;
    this.#added.count(before.counted, -1);
    this.#endpoints.set(endpointKey(before.record.address, before.record.port), undefined);
    return before;
  }
}
