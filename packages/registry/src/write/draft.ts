import { endpointKey } from '../catalog/endpoint.ts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import type { ServiceCatalog } from '../catalog/service-catalog.ts';
import type { StatusRecords } from '../catalog/status-records.ts';
import { type Amount, type Counted, countedOf, sum, Usage } from '../catalog/usage.ts';
import { instanceKey } from '../record/instance.ts';
import type { Change } from '../record/log-record.ts';
import type { Condition } from '../store/record-store.ts';
import type { Actor } from './actor.ts';

/** What a write has decided to change. */
export interface Decision {
  /** In this order; may be none. */
  readonly changes: readonly Change[];
  /** What has to be as it was read. */
  readonly conditions: readonly Condition[];
  /** What is registered more, or less, once they are made. */
  readonly counted?: readonly (readonly [Counted, 1 | -1])[];
  /** Who asked for it. Default: the registry itself. */
  readonly actor?: Actor | undefined;
}

/** A decision that says what is registered more, or less. */
export interface CountedDecision extends Decision {
  readonly counted: readonly (readonly [Counted, 1 | -1])[];
}

/** A write needs to know what another one of its batch changes: its turn is after that one. */
class NotYet extends Error {}

/** Thrown often, and never seen by anybody, so it needs no stack of its own. */
const notYet = new NotYet();

/** What came of a write: it is part of the batch, or has to wait for others that have to do with `key`. */
export type Taken<T> =
  | { readonly kind: 'taken'; readonly decided: T }
  | { readonly kind: 'not-yet'; readonly key: string };

/**
 * What the writes of one batch decide by, and what they change. All see what is committed, and none changes an instance or
 * an endpoint that another one has to do with, so that each would decide the same without the others.
 */
export class Draft {
  readonly #catalog: ServiceCatalog;
  readonly #statuses: StatusRecords;
  /** The changes of all its writes. */
  readonly changes: Change[] = [];
  readonly conditions: Condition[] = [];
  /** Instances and endpoints that writes of the batch change, and those that writes were put off for. */
  readonly #taken = new Set<string>();
  /** Those that writes which change nothing have relied on. */
  readonly #read = new Set<string>();
  /** What the write that is deciding has asked for. */
  readonly #asked: string[] = [];
  /** What the batch adds to what is registered. */
  readonly #added = new Usage();

  constructor(catalog: ServiceCatalog, statuses: StatusRecords) {
    this.#catalog = catalog;
    this.#statuses = statuses;
  }

  /** An instance. */
  get(name: string, id: string): InstanceEntry | undefined {
    this.ask(instanceKey(name, id));
    const entry = this.#catalog.get(name, id);
    // Whoever changes it leaves, or takes, its place.
    if (entry !== undefined) this.ask(entry.endpoint);
    return entry;
  }

  /** Who is at an endpoint, of whatever service. */
  at(address: string, port: number): InstanceEntry | undefined {
    const endpoint = endpointKey(address, port);
    this.ask(endpoint);
    const there = this.#catalog.at(endpoint);
    if (there !== undefined) this.ask(instanceKey(there.record.name, there.record.id));
    return there;
  }

  /**
   * Says that the write that is deciding depends on something, whatever is behind the name: `key config/shared/X`. It may look
   * at memory after that, and not before.
   */
  ask(key: string): void {
    this.#asked.push(key);
    if (this.#taken.has(key)) throw notYet;
  }

  /** What an operator wishes for an instance that was asked for, there or not, and what checks say of it. */
  get statuses(): Pick<StatusRecords, 'wish' | 'check' | 'checkedBy' | 'checksOf'> {
    return this.#statuses;
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

  /** Lets nobody have to do with `key` any more in this batch: somebody waits for it. */
  hold(key: string): void {
    this.#taken.add(key);
  }

  /**
   * Lets a write decide, and takes what it changes into the batch. If it has to wait for another one, then all it has
   * asked for waits with it, so that nothing that was asked for later goes before it.
   */
  take<T extends Decision>(decide: (draft: Draft) => T): Taken<T> {
    this.#asked.length = 0;
    try {
      const decided = decide(this);
      if (decided.changes.length === 0) {
        for (const key of this.#asked) this.#read.add(key);
        return { kind: 'taken', decided };
      }
      const read = this.#asked.find((key) => this.#read.has(key));
      if (read !== undefined) return this.#putOff(read);
      this.changes.push(...decided.changes);
      this.conditions.push(...decided.conditions);
      for (const [counted, times] of decided.counted ?? []) this.#added.count(counted, times);
      this.#holdAsked();
      return { kind: 'taken', decided };
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      // What it has asked for last is what it has to wait for.
      return this.#putOff(this.#asked.at(-1) ?? '');
    }
  }

  #putOff(key: string): Taken<never> {
    this.#holdAsked();
    return { kind: 'not-yet', key };
  }

  #holdAsked(): void {
    for (const key of this.#asked) this.#taken.add(key);
  }
}

/** What an entry counts as. */
export function countOf(entry: InstanceEntry): Counted {
  return entry.counted ?? countedOf(entry.record, entry.client);
}
