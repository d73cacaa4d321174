import { type RemovalReason, type ServiceInstance, sameTags } from '@flotilla/contracts';
import { type InstanceEntry, showInstance } from '../catalog/instance-entry.ts';
import { NodeTable } from '../catalog/node-table.ts';
import { LiveKeys, type SessionListeners } from '../keys/live-keys.ts';
import { placeOfCheck } from '../record/check.ts';
import { instanceKey, placeOfInstance, saysSame } from '../record/instance.ts';
import type { Change, Delete, LogRecord, Put } from '../record/log-record.ts';
import type { SignOfLife, StoreContents } from '../store/record-store.ts';
import type { TrailLine } from '../store/trail-line.ts';
import { Departures } from '../trail/departures.ts';
import type { ChangeEvent } from '../watch/event-ring.ts';
import { TopicTable, topicOf } from '../watch/topics.ts';
import { WatchHub } from '../watch/watch-hub.ts';
import { LiveInstances } from './live-instances.ts';
import type { ResolvedRegistryOptions } from './options.ts';

/** Who is told of what happens in memory. */
export interface LiveStateListeners extends SessionListeners {
  /** An instance has given a sign of life. */
  readonly onHeard: (entry: InstanceEntry) => void;
  /** Another registry was told of these checks, by their keys. */
  readonly onReported: (checks: readonly string[]) => void;
  /** Leases have run out. */
  readonly onExpired: (entries: readonly InstanceEntry[]) => void;
  /** Somebody else has registered at the endpoint of these instances, without removing them. */
  readonly onDisplaced: (entries: readonly InstanceEntry[]) => void;
  /** Something about the instances with these keys is another than before; undefined: perhaps about all. */
  readonly onInstances: (keys: ReadonlySet<string> | undefined) => void;
}

/** A commit that memory follows. */
interface AppliedCommit {
  readonly revision: number;
  readonly changes: readonly Change[];
  /** What the audit trail says of it. */
  readonly lines?: readonly TrailLine[];
}

/** What watchers are told of once a commit is in memory as a whole. */
type Told = InstanceEntry | Omit<Extract<ChangeEvent, { type: 'delete' }>, 'revision'>;

/**
 * What is in memory: the instances, and those who watch. It follows the store, and nothing else writes records here: only
 * what is durable comes here, so nobody ever sees a change that a crash could take back.
 */
export class LiveState {
  readonly instances: LiveInstances;
  readonly keys: LiveKeys;
  readonly hub: WatchHub;
  /** Before what is loaded into it. */
  readonly nodes: NodeTable = new NodeTable();
  /** Who has gone last, for those who find nobody. */
  readonly departures: Departures = new Departures();
  readonly topics: TopicTable;
  readonly #options: ResolvedRegistryOptions;
  readonly #listeners: LiveStateListeners;
  readonly #told: Told[] = [];
  /** The topics that the commit which is coming in has to do with. */
  readonly #touched = new Set<string>();
  /** The keys of the instances that it has to do with. */
  readonly #instances = new Set<string>();
  #revision: number;
  #history: string;

  constructor(options: ResolvedRegistryOptions, contents: StoreContents, listeners: LiveStateListeners) {
    this.#options = options;
    this.#listeners = listeners;
    this.#revision = contents.revision;
    this.#history = contents.history;
    this.instances = new LiveInstances({
      ...options,
      onExpired: listeners.onExpired,
      onHeard: listeners.onHeard,
      onShownAnew: (entries) => this.#showAnew(new Set(entries.map(({ record }) => record.name))),
    });
    this.topics = new TopicTable({ clock: options.clock, revision: contents.revision });
    this.#load(contents);
    this.keys = new LiveKeys({ ...options, ...listeners, owner: options.store.owner, topics: this.topics }, contents);
    this.hub = new WatchHub({
      historyEvents: options.historyEvents,
      historyBytes: options.historyBytes,
      maxWatches: options.maxWatches,
      revision: contents.revision,
      history: contents.history,
      hasUnstored: () => this.instances.hasLapsed,
      snapshot: (services) => this.#snapshot(services),
      clock: options.clock,
    });
  }

  /** The revision of the last commit. */
  get revision(): number {
    return this.#revision;
  }

  /** The name of the history that the revision belongs to. */
  get history(): string {
    return this.#history;
  }

  /** Makes memory follow a commit, and tells watchers. What listeners throw keeps nothing out of memory. */
  apply({ revision, changes, lines = [] }: AppliedCommit): void {
    for (const change of changes) this.#guarded(() => this.#change(change, revision));
    this.#guarded(() => this.departures.take(lines));
    this.#revision = revision;
    this.#guarded(() => this.hub.publish(this.#eventsOf(revision), revision));
    this.topics.touch(this.#touched, revision);
    this.#touched.clear();
    this.#guarded(() => this.keys.apply({ revision, changes }));
    this.#guarded(() => this.#listeners.onInstances(this.#instances));
    this.#instances.clear();
    this.#settleDisplaced();
  }

  /** Hears of signs of life that came to another registry. */
  hear(signs: readonly SignOfLife[]): void {
    const { catalog } = this.instances;
    this.keys.hear(signs);
    const checks = signs.filter(({ kind }) => kind === 'check').map(({ key }) => key);
    if (checks.length > 0) this.#listeners.onReported(checks);
    for (const { kind, key, seenMs } of signs) {
      if (kind !== 'instance') continue;
      const entry = catalog.get(...placeOfInstance(key));
      if (entry !== undefined && seenMs >= entry.lastSeenMs) this.instances.hear(entry, seenMs);
    }
  }

  /** Takes over what a store holds now, when what was committed since can't be told. Everybody who watches begins anew. */
  replace(contents: StoreContents): void {
    this.#revision = contents.revision;
    this.#history = contents.history;
    const loaded = this.#load(contents);
    for (const entry of [...this.instances.catalog.all()]) {
      if (loaded.has(entry)) continue;
      this.instances.remove(entry);
      this.#guarded(() => this.#tell('deregistered', entry));
    }
    this.#guarded(() => this.hub.beginAnew(contents.revision, contents.history));
    this.topics.beginAnew(contents.revision);
    this.#guarded(() => this.keys.replace(contents));
    this.#guarded(() => this.#listeners.onInstances(undefined));
    this.#settleDisplaced();
  }

  /** Ends all that waits for changes, and lets nobody wait any more. */
  endWatches(): void {
    this.hub.close();
    this.keys.hub.close();
    this.topics.close();
  }

  /** Stops the timers, and ends the watches. */
  stop(): void {
    this.instances.leases.close();
    this.keys.sessions.stop();
    this.endWatches();
  }

  #change(change: Change, revision: number): void {
    if (change.type === 'delete') this.#delete(change);
    else if (change.type === 'put') this.#put(change, revision);
  }

  #put(put: Put, revision: number): void {
    if (put.kind === 'instance') return this.#registered(put, revision);
    const instance = this.#keep(put, revision);
    if (put.kind === 'node') this.#touched.add(topicOf.nodes).add(topicOf.node(put.key));
    if (instance !== undefined) this.#judge(instance);
  }

  /** What the status of the instance with `key` is made of has changed. */
  #judge(key: string): void {
    this.instances.judge(key);
    this.#instances.add(key);
    this.#touched.add(topicOf.service(placeOfInstance(key)[0])).add(topicOf.health);
  }

  /** Takes over a record that is no instance. Returns the key of the instance it says something of, if it does. */
  #keep(record: Exclude<Put | LogRecord, { kind: 'instance' }>, revision: number): string | undefined {
    const { statuses } = this.instances;
    switch (record.kind) {
      case 'maintenance':
        statuses.putWish(record.value);
        return record.key;
      case 'check':
        statuses.putCheck(record.value, revision, 'createdRevision' in record ? record.createdRevision : undefined);
        return placeOfCheck(record.key)[0];
      case 'node':
        this.nodes.put(record.value, revision, 'createdRevision' in record ? record.createdRevision : undefined);
        return undefined;
      case 'key':
      case 'session':
        return undefined;
      default:
        return record satisfies never;
    }
  }

  /** Takes over all that a store holds. Returns the entries of its instances. */
  #load(contents: StoreContents): ReadonlySet<InstanceEntry> {
    this.instances.statuses.clear();
    this.nodes.clear();
    // An instance is shown as what says something of it has it, so that comes first.
    for (const record of contents.records) if (record.kind !== 'instance') this.#keep(record, record.revision);
    return this.instances.load(contents);
  }

  #delete({ kind, key, reason = 'deregistered' }: Delete): void {
    const { statuses } = this.instances;
    switch (kind) {
      case 'instance':
        return this.#gone(key, reason);
      case 'maintenance':
        statuses.removeWish(key);
        return this.#judge(key);
      case 'check': {
        const [instance, check] = placeOfCheck(key);
        statuses.removeCheck(instance, check);
        return this.#judge(instance);
      }
      case 'node':
        this.nodes.remove(key);
        this.#touched.add(topicOf.nodes).add(topicOf.node(key));
        return;
      case 'key':
      case 'session':
        return undefined;
      default:
        return kind satisfies never;
    }
  }

  #registered({ value, lease }: Extract<Put, { kind: 'instance' }>, revision: number): void {
    const { catalog } = this.instances;
    const before = catalog.get(value.name, value.id);
    const valueBefore = before?.record;
    this.#instances.add(instanceKey(value.name, value.id));
    const entry = this.instances.put(value, lease, revision);
    if (!entry.lapsed) this.#told.push(entry);
    this.#touched.add(topicOf.service(value.name));
    if (valueBefore === undefined || !saysSame(valueBefore, value))
      this.#touched.add(topicOf.members(value.name)).add(topicOf.allMembers);
    if (valueBefore === undefined || !sameTags(valueBefore.tags, value.tags)) this.#touched.add(topicOf.services);
    if (entry !== before) this.#tell('added', entry);
  }

  #gone(key: string, reason: RemovalReason): void {
    const [name, id] = placeOfInstance(key);
    const entry = this.instances.catalog.get(name, id);
    this.#instances.add(key);
    if (entry !== undefined) this.instances.remove(entry);
    this.#touched.add(topicOf.service(name)).add(topicOf.members(name)).add(topicOf.services).add(topicOf.allMembers);
    this.#told.push({ type: 'delete', name, id, reason });
    if (entry !== undefined) this.#tell(reason, entry);
  }

  /**
   * What watchers are told of a commit, each change at a place of its own up to the commit's revision. An instance is shown
   * as it is after all of the commit, in whatever order that is told.
   */
  #eventsOf(revision: number): readonly ChangeEvent[] {
    const told = this.#told.splice(0);
    return told.map((what, index) => {
      const place = revision - (told.length - 1 - index);
      return 'record' in what
        ? { type: 'put', revision: place, instance: showInstance(what) }
        : { ...what, revision: place };
    });
  }

  #settleDisplaced(): void {
    const displaced = this.instances.takeDisplaced();
    if (displaced.length > 0) this.#guarded(() => this.#listeners.onDisplaced(displaced));
  }

  /** Last of what a change does, so that a listener that throws leaves nothing half done. */
  #tell(kind: 'added' | RemovalReason, { record: { name, id } }: InstanceEntry): void {
    this.#options.onMembership({ kind, name, id });
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#options.onBackgroundError(error, 'publish a stored change');
    }
  }

  #showAnew(services: ReadonlySet<string>): void {
    this.hub.showAnew(services);
    this.topics.wake([...services].map(topicOf.service));
  }

  #snapshot(services: ReadonlySet<string> | undefined): readonly ServiceInstance[] {
    const { catalog } = this.instances;
    const names = services === undefined ? catalog.names : [...services].sort();
    return names.flatMap((name) => catalog.instances(name).map(showInstance));
  }
}
