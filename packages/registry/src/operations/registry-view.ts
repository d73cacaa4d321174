import type { CheckDefinition, InstanceStatus, ServiceInstance } from '@flotilla/contracts';
import { type InstanceEntry, showInstance } from '../catalog/instance-entry.ts';
import type { CheckEntry } from '../catalog/status-records.ts';
import type { Origin } from '../record/instance.ts';
import type { JsonObject } from '../record/json-object.ts';
import type { LiveInstances } from '../state/live-instances.ts';

/** A check of an instance, as it is now. */
export interface CheckView {
  readonly name: string;
  readonly id: string;
  readonly check: string;
  readonly status: InstanceStatus;
  /** What was found last; empty if nothing was said. */
  readonly output: string;
  /** Undefined: it takes what is reported. */
  readonly definition: CheckDefinition | undefined;
  readonly title: string | undefined;
  readonly notes: string | undefined;
  /** Wall-clock time of the last change of the status, in milliseconds since the Unix epoch; undefined if not known. */
  readonly changedMs: number | undefined;
  readonly createdRevision: number;
  readonly revision: number;
}

/** An instance with all that the APIs of other registries show of it. */
export interface InstanceView {
  /** As our own API shows it. The same object until something of it changes. */
  readonly shown: ServiceInstance;
  readonly origin: Origin | undefined;
  readonly extra: JsonObject | undefined;
  readonly createdRevision: number;
  readonly checks: readonly CheckView[];
  /** Why an operator wants no traffic for it; undefined if none does, or has said why. */
  readonly maintenanceReason: string | undefined;
}

/** What there is, for readers inside the program: the other APIs, DNS, reports. Asking is no sign of life. */
export class RegistryView {
  readonly #instances: LiveInstances;

  constructor(instances: LiveInstances) {
    this.#instances = instances;
  }

  /** The names of services that have instances, sorted. */
  get names(): readonly string[] {
    return this.#instances.catalog.names;
  }

  /** Whether a service has instances. */
  has(name: string): boolean {
    return this.#instances.catalog.instances(name).length > 0;
  }

  /** The tags of all instances of a service together, each once. */
  tags(name: string): readonly string[] {
    return [...new Set(this.#instances.catalog.instances(name).flatMap(({ record }) => record.tags))];
  }

  /** What the instances of a service have beside what all have, one after the other. */
  *extras(name: string): Generator<JsonObject | undefined, void, void> {
    for (const { record } of this.#instances.catalog.instances(name)) yield record.extra;
  }

  /** A service's instances by id, sorted. */
  instances(name: string): readonly InstanceView[] {
    return this.#instances.catalog.instances(name).map((entry) => this.#viewOf(entry));
  }

  find(name: string, id: string): InstanceView | undefined {
    const entry = this.#instances.catalog.get(name, id);
    return entry === undefined || entry.lapsed ? undefined : this.#viewOf(entry);
  }

  /** The instances of that id, of whatever service: usually one. */
  byId(id: string): readonly InstanceView[] {
    return this.#instances.catalog
      .byId(id)
      .filter((entry) => !entry.lapsed)
      .map((entry) => this.#viewOf(entry));
  }

  /** The checks of an instance, by id, sorted. */
  checks(name: string, id: string): readonly CheckView[] {
    return [...this.#instances.statuses.checksOf(name, id).values()]
      .map(viewOfCheck)
      .sort((a, b) => (a.check < b.check ? -1 : 1));
  }

  /** One check of an instance. */
  check(name: string, id: string, check: string): CheckView | undefined {
    const entry = this.#instances.statuses.check(check, name, id);
    return entry && viewOfCheck(entry);
  }

  #viewOf(entry: InstanceEntry): InstanceView {
    const { record, createdRevision } = entry;
    return {
      shown: showInstance(entry),
      origin: record.origin,
      extra: record.extra,
      createdRevision,
      checks: this.checks(record.name, record.id),
      maintenanceReason: this.#instances.statuses.wish(record.name, record.id)?.reason,
    };
  }
}

function viewOfCheck({ value, createdRevision, revision, latestOutput }: CheckEntry): CheckView {
  const { name, id, check, status, definition, title, notes, changedMs } = value;
  const output = latestOutput ?? value.output ?? '';
  return { name, id, check, status, output, definition, title, notes, changedMs, createdRevision, revision };
}
