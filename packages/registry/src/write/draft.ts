import { endpointKey } from '../catalog/endpoint.ts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import type { ServiceCatalog } from '../catalog/service-catalog.ts';
import type { StatusRecords } from '../catalog/status-records.ts';
import { type Amount, type Counted, countedOf, sum, Usage } from '../catalog/usage.ts';
import { instanceKey } from '../record/instance.ts';
import type { Change } from '../record/log-record.ts';
import type { Condition } from '../store/record-store.ts';
import type { TrailLine } from '../store/trail-line.ts';
import type { Actor } from './actor.ts';

/** What a write has decided to change. */
export interface Decision {
  /** In this order; may be none. */
  readonly changes: readonly Change[];
  /** What has to be as it was read. */
  readonly conditions: readonly Condition[];
  /** What is registered more, or less, once they are made. */
  readonly counted?: readonly (readonly [Counted, 1 | -1])[];
  /** How much more of keys there is, once they are made. */
  readonly keys?: KeyAmount;
  /** Who asked for it. Default: the registry itself. */
  readonly actor?: Actor | undefined;
  /** What the audit trail says beside what follows from the changes. */
  readonly lines?: readonly TrailLine[] | undefined;
}

/** A number of keys, and of the bytes of them and their values. */
export interface KeyAmount {
  readonly keys: number;
  readonly bytes: number;
}

/** A decision that says what is registered more, or less. */
export interface CountedDecision extends Decision {
  readonly counted: readonly (readonly [Counted, 1 | -1])[];
}

/** A batch that writes more characters of values than this takes no more writes: they would hold up the loop. */
const maxVolume = 4_194_304;

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
  readonly #linesOf: (decision: Decision) => readonly TrailLine[];
  /** The changes of all its writes. */
  readonly changes: Change[] = [];
  readonly conditions: Condition[] = [];
  /** What the audit trail says of them. */
  readonly lines: TrailLine[] = [];
  /** Instances and endpoints that writes of the batch change, and those that writes were put off for. */
  readonly #taken = new Set<string>();
  /** Those that writes which change nothing have relied on. */
  readonly #read = new Set<string>();
  /** What writes share with each other, but not with one that asks for it alone. */
  readonly #shared = new Set<string>();
  /** What the write that is deciding has asked for, alone or to share it. */
  readonly #asked: string[] = [];
  readonly #askedToShare: string[] = [];
  /** What it has asked for last: if it has to wait, then for this. */
  #last = '';
  /** What the batch adds to what is registered. */
  readonly #added = new Usage();
  #addedKeys: KeyAmount = { keys: 0, bytes: 0 };
  /** The characters of the values that the batch writes. */
  #volume = 0;

  /** @param linesOf what the audit trail says of what a write has decided. Default: nothing */
  constructor(
    catalog: ServiceCatalog,
    statuses: StatusRecords,
    linesOf: (decision: Decision) => readonly TrailLine[] = () => [],
  ) {
    this.#catalog = catalog;
    this.#statuses = statuses;
    this.#linesOf = linesOf;
  }

  /** An instance. */
  get(name: string, id: string): InstanceEntry | undefined {
    this.ask(instanceKey(name, id));
    const entry = this.#catalog.get(name, id);
    // What changes it leaves, or takes, its place.
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
    this.#last = key;
    if (this.#taken.has(key) || this.#shared.has(key)) throw notYet;
  }

  /** As {@link ask}, for something that several writes of a batch may depend on, if none of them changes all that it stands for. */
  share(key: string): void {
    this.#askedToShare.push(key);
    this.#last = key;
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

  /** What the batch adds to the keys. */
  get addedKeys(): KeyAmount {
    return this.#addedKeys;
  }

  /** Whether no more writes should come into the batch. */
  isFull(maxChanges: number): boolean {
    return this.changes.length > maxChanges || this.#volume > maxVolume;
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
    this.#askedToShare.length = 0;
    try {
      const decided = decide(this);
      if (decided.changes.length === 0) {
        for (const key of this.#asked) this.#read.add(key);
        for (const key of this.#askedToShare) this.#shared.add(key);
        this.lines.push(...(decided.lines ?? []));
        return { kind: 'taken', decided };
      }
      const read = [...this.#asked, ...this.#askedToShare].find((key) => this.#read.has(key));
      if (read !== undefined) return this.#putOff(read);
      this.#add(decided);
      this.#holdAsked();
      return { kind: 'taken', decided };
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      return this.#putOff(this.#last);
    }
  }

  #add(decision: Decision): void {
    const { changes, conditions, counted = [], keys, lines = [] } = decision;
    for (const change of changes) {
      this.changes.push(change);
      if (change.type === 'put' && change.kind === 'key') this.#volume += change.value.value.length;
    }
    this.conditions.push(...conditions);
    this.lines.push(...this.#linesOf(decision), ...lines);
    for (const [each, times] of counted) this.#added.count(each, times);
    if (keys === undefined) return;
    const before = this.#addedKeys;
    this.#addedKeys = { keys: before.keys + keys.keys, bytes: before.bytes + keys.bytes };
  }

  #putOff(key: string): Taken<never> {
    this.#holdAsked();
    return { kind: 'not-yet', key };
  }

  #holdAsked(): void {
    for (const key of this.#asked) this.#taken.add(key);
    for (const key of this.#askedToShare) this.#shared.add(key);
  }
}

/** What an entry counts as. */
export function countOf(entry: InstanceEntry): Counted {
  return entry.counted ?? countedOf(entry.record, entry.client);
}
