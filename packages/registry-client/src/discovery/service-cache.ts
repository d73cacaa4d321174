import {
  type Endpoint,
  type ServiceInstance,
  type ServiceSnapshot,
  sameMetadata,
  sameTags,
  type WatchEvent,
} from '@flotilla/contracts';
import { nextSnapshot, unknownSnapshot } from './endpoint-list.ts';
import { endpointOf } from './endpoint-of.ts';
import { HeldInstances } from './held-instances.ts';

interface View {
  /** Whether the registry has ever said what there is. */
  known: boolean;
  /** All instances by id, those that are not served too: the next event may change that. */
  readonly instances: Map<string, ServiceInstance>;
  /** Those of an earlier history that have not registered in this one yet. */
  readonly held: HeldInstances;
  snapshot: ServiceSnapshot;
}

/**
 * What the registry has said, kept for as long as the program runs: a pure state machine over watch events. Each
 * method that changes something returns the services whose snapshot is another one now.
 *
 * - A snapshot replaces everything, also when its revision is lower.
 * - A snapshot of another history does too, but who is missing in it is held, and the service stale, until it registers or
 *   the time of its lease is over: that registry has lost what it knew, and says nothing about who lives.
 * - After a loss what is known is fresh again at a snapshot or a bookmark, not before: a resumed stream first tells
 *   what was missed.
 * - Events older than what is known are passed over, so a replay changes nothing.
 * - What has not changed keeps its object identity: instances, and whole snapshots.
 */
export class ServiceCache {
  readonly #views = new Map<string, View>();
  readonly #endpoints = new WeakMap<ServiceInstance, Endpoint>();
  #revision: number | undefined;
  #history: string | undefined;
  #live = false;

  /** The services followed, in a stable order. */
  get services(): readonly string[] {
    return [...this.#views.keys()].sort();
  }

  /** Where to resume; undefined when the next stream has to begin with a snapshot. */
  get resumeRevision(): number | undefined {
    for (const view of this.#views.values()) if (!view.known) return undefined;
    return this.#revision;
  }

  /** The history that the revision to resume at belongs to, if the registry names it. */
  get history(): string | undefined {
    return this.#history;
  }

  /** How many instances are held that the registry does not know. */
  get heldCount(): number {
    return [...this.#views.values()].reduce((sum, { held }) => sum + held.size, 0);
  }

  /** When the first held instance's time is over, on the clock of `nowMs`. */
  get nextReleaseMs(): number | undefined {
    const times = [...this.#views.values()].map(({ held }) => held.nextReleaseMs);
    return times.reduce((next, time) => (next === undefined || (time !== undefined && time < next) ? time : next));
  }

  /** What is known of `service`; undefined when it is not followed. */
  get(service: string): ServiceSnapshot | undefined {
    return this.#views.get(service)?.snapshot;
  }

  /** Begins to keep what is said about `service`. */
  follow(service: string): ServiceSnapshot {
    const present = this.#views.get(service);
    if (present !== undefined) return present.snapshot;
    const snapshot = unknownSnapshot(service);
    this.#views.set(service, { known: false, instances: new Map(), held: new HeldInstances(), snapshot });
    return snapshot;
  }

  /** The registry can't be heard: what is known is what it said last. */
  markLost(): readonly string[] {
    this.#live = false;
    for (const { held } of this.#views.values()) held.pause();
    return this.#refresh(this.#views.keys());
  }

  /** Lets go of the held instances whose time is over. */
  release(nowMs: number): readonly string[] {
    const changed = [...this.#views].filter(([, { held }]) => held.release(nowMs));
    return this.#refresh(changed.map(([service]) => service));
  }

  /** Gives up the place to resume at; what is known stays. */
  forgetRevision(): void {
    this.#revision = undefined;
  }

  /** Takes one event of a stream that covers the services `covered`. `nowMs` is on any clock that does not jump. */
  apply(event: WatchEvent, covered: readonly string[], nowMs: number): readonly string[] {
    switch (event.type) {
      case 'snapshot':
        return this.#replace(event, covered, nowMs);
      case 'put':
        return this.#isNews(event.revision) ? this.#put(event.revision, event.instance) : [];
      case 'delete':
        return this.#isNews(event.revision) ? this.#remove(event.revision, event.name, event.id) : [];
      case 'bookmark':
        return this.#isNews(event.revision) ? this.#confirm(event.revision, nowMs) : [];
      case 'reset':
        this.forgetRevision();
        return [];
      default:
        event satisfies never;
        return [];
    }
  }

  /**
   * Several events may carry one revision, so an equal one is not old; whether it is a repetition is then seen at the
   * instance. Before a snapshot nothing is news: there is nothing that it could change.
   */
  #isNews(revision: number): boolean {
    return this.#revision !== undefined && revision >= this.#revision;
  }

  #replace(
    { revision, history, instances }: Extract<WatchEvent, { type: 'snapshot' }>,
    covered: readonly string[],
    nowMs: number,
  ): readonly string[] {
    const isAnother = history !== undefined && this.#history !== undefined && history !== this.#history;
    this.#revision = revision;
    this.#history = history;
    this.#goLive(nowMs);
    const before = new Map<string, ReadonlyMap<string, ServiceInstance>>();
    for (const service of covered) {
      const view = this.#views.get(service);
      if (view === undefined) continue;
      before.set(service, new Map(view.instances));
      if (isAnother) for (const instance of view.instances.values()) view.held.add(instance, nowMs);
      view.instances.clear();
      view.known = true;
    }
    for (const instance of instances) {
      const known = before.get(instance.name);
      if (known === undefined) continue;
      this.#views.get(instance.name)?.instances.set(instance.id, keep(known.get(instance.id), instance));
      this.#unhold(instance);
    }
    return this.#refresh(this.#views.keys());
  }

  /** All that happened up to `revision` was told: what is known is what the registry says now. */
  #confirm(revision: number, nowMs: number): readonly string[] {
    this.#revision = revision;
    if (this.#live) return [];
    this.#goLive(nowMs);
    return this.#refresh(this.#views.keys());
  }

  #goLive(nowMs: number): void {
    this.#live = true;
    for (const { held } of this.#views.values()) held.resume(nowMs);
  }

  #put(revision: number, instance: ServiceInstance): readonly string[] {
    this.#revision = revision;
    const view = this.#views.get(instance.name);
    if (view === undefined) return this.#refresh(this.#unhold(instance));
    const known = view.instances.get(instance.id);
    if (known !== undefined && known.revision > instance.revision) return [];
    view.instances.set(instance.id, keep(known, instance));
    return this.#refresh(new Set([instance.name, ...this.#unhold(instance)]));
  }

  #remove(revision: number, name: string, id: string): readonly string[] {
    this.#revision = revision;
    const view = this.#views.get(name);
    if (view === undefined) return [];
    const wasHeld = view.held.remove(id);
    const known = view.instances.get(id);
    // Put back at the very revision of the removal: a replacement, seen a second time.
    const isGone = known !== undefined && known.revision < revision;
    if (isGone) view.instances.delete(id);
    return isGone || wasHeld ? this.#refresh([name]) : [];
  }

  /** An instance has registered: who is held under its id, or at its address and port, is it, or has made room for it. */
  #unhold(instance: ServiceInstance): readonly string[] {
    const changed: string[] = [];
    for (const [service, { held }] of this.#views) {
      if (held.size === 0) continue;
      const hadId = service === instance.name && held.remove(instance.id);
      if (held.removeAt(instance) || hadId) changed.push(service);
    }
    return changed;
  }

  /** Makes new snapshots where something that a reader can see has changed. */
  #refresh(services: Iterable<string>): readonly string[] {
    const changed: string[] = [];
    for (const service of services) {
      const view = this.#views.get(service);
      if (view === undefined) continue;
      const state = view.known ? (this.#live && view.held.size === 0 ? 'fresh' : 'stale') : 'unknown';
      const served = [...view.instances.values(), ...view.held.instances()]
        .filter(({ ready }) => ready)
        .map((instance) => this.#endpoint(instance));
      const next = nextSnapshot(view.snapshot, state, served);
      if (next === view.snapshot) continue;
      view.snapshot = next;
      changed.push(service);
    }
    return changed;
  }

  /** Always the same one for an instance, as readers see by the object what is news. */
  #endpoint(instance: ServiceInstance): Endpoint {
    const known = this.#endpoints.get(instance) ?? endpointOf(instance);
    this.#endpoints.set(instance, known);
    return known;
  }
}

/** The known object if the new one says the same. `last_seen` moves with each renewal and does not count. */
function keep(known: ServiceInstance | undefined, next: ServiceInstance): ServiceInstance {
  if (known === undefined) return next;
  const same =
    known.revision === next.revision &&
    known.address === next.address &&
    known.port === next.port &&
    known.weight === next.weight &&
    known.status === next.status &&
    known.ready === next.ready &&
    known.lease_ms === next.lease_ms &&
    known.registered_at === next.registered_at &&
    sameTags(known.tags, next.tags) &&
    sameMetadata(known.metadata, next.metadata);
  return same ? known : next;
}
