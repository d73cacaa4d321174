import { endpointKey } from '../catalog/endpoint.ts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import type { ServiceCatalog } from '../catalog/service-catalog.ts';
import type { Change, InstanceRecord } from '../store/instance-store.ts';

/** What a draft says of an instance. */
export interface DraftRecord {
  readonly record: InstanceRecord;
  /** The revision the record was committed at; undefined while it is part of the same, uncommitted batch. */
  readonly revision: number | undefined;
  /** The instance in memory that this is, or changes; undefined if the batch makes a new one of that id. */
  readonly entry: InstanceEntry | undefined;
}

/**
 * The catalog as it will be once a batch is committed. Each write of a batch decides by this view, so two writes
 * about one instance in one batch see each other, though nothing is visible to anyone else before the commit.
 */
export class Draft {
  readonly #catalog: ServiceCatalog;
  readonly #changes: Change[] = [];
  /** By name and id; `undefined` stands for a deleted one. Neither holds a space, so a space can join them. */
  readonly #records = new Map<string, DraftRecord | undefined>();
  /** By name and endpoint: the id of who is there. */
  readonly #endpoints = new Map<string, string | undefined>();

  constructor(catalog: ServiceCatalog) {
    this.#catalog = catalog;
  }

  get changes(): readonly Change[] {
    return this.#changes;
  }

  get(name: string, id: string): DraftRecord | undefined {
    const key = `${name} ${id}`;
    if (this.#records.has(key)) return this.#records.get(key);
    const entry = this.#catalog.get(name, id);
    return entry && { record: entry.record, revision: entry.revision, entry };
  }

  /** Who of a service is at an endpoint. */
  at(name: string, address: string, port: number): DraftRecord | undefined {
    const endpoint = endpointKey(address, port);
    const key = `${name} ${endpoint}`;
    const id = this.#endpoints.has(key) ? this.#endpoints.get(key) : this.#catalog.at(name, endpoint)?.record.id;
    return id === undefined ? undefined : this.get(name, id);
  }

  /** Adds changes that the following decisions build on. */
  add(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#changes.push(change);
      const { name, id } = change.kind === 'put' ? change.record : change;
      const before = this.get(name, id);
      if (before !== undefined) this.#endpoints.set(endpointOf(before.record), undefined);
      const key = `${name} ${id}`;
      if (change.kind === 'delete') {
        this.#records.set(key, undefined);
        continue;
      }
      this.#records.set(key, { record: change.record, revision: undefined, entry: before?.entry });
      this.#endpoints.set(endpointOf(change.record), id);
    }
  }
}

function endpointOf(record: InstanceRecord): string {
  return `${record.name} ${endpointKey(record.address, record.port)}`;
}
