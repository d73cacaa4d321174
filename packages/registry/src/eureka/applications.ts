import type { Clock, ServiceInstance } from '@flotilla/contracts';
import type { InstanceView } from '../operations/registry-view.ts';
import type { Registry } from '../registry.ts';
import type { ActionType, EurekaInstance } from './eureka-instance.ts';
import type { EurekaStatus } from './eureka-status.ts';
import { appOf, idOf, showEurekaInstance, statusOf } from './show-instance.ts';
import { nativeIdOf } from './stored-instance.ts';

/** An instance in the lists of Eureka's clients. */
export interface Member {
  readonly app: string;
  /** The id that Eureka's clients know, unique in the application. */
  readonly id: string;
  readonly view: InstanceView;
  readonly status: EurekaStatus;
  readonly action: ActionType;
  /** When it last changed, by the wall clock. */
  readonly updatedMs: number;
}

/** A member that has changed, and when that was noticed, by the monotonic clock. */
interface Recent {
  readonly member: Member;
  readonly atMs: number;
}

/** How long a delta tells of a change: clients ask every 30 s, and may miss a few times. */
const deltaMs = 180_000;

/** Between an id and the name of its service, where another service of the application has the same id. */
const apart = '@';

/** The most changes that one step reads. */
const stepEvents = 4_096;

/**
 * All instances as Eureka's clients list them: by application, with what has changed lately and how many have which status.
 * It follows the registry whenever it is asked; what one asks without waiting in between belongs to one state, so a list and
 * its hash always agree.
 */
export class Applications {
  readonly #registry: Pick<Registry, 'watch' | 'view'>;
  readonly #clock: Clock;
  readonly #watch: ReturnType<Registry['watch']>;
  readonly #members = new Map<string, Map<string, Member>>();
  readonly #names = new Map<string, Set<string>>();
  readonly #counts = new Map<EurekaStatus, number>();
  /** In the order of their changes. */
  readonly #recent = new Map<string, Recent>();
  #version = 1;
  #followedMs: number;
  /** While it takes over what was there before: that has not changed now. */
  #isLoading = true;

  constructor(registry: Pick<Registry, 'watch' | 'view'>, clock: Clock) {
    this.#registry = registry;
    this.#clock = clock;
    // It is asked, not told.
    this.#watch = registry.watch({ onReady: () => {} });
    this.#followedMs = clock.monotonicMs();
    this.follow();
    this.#recent.clear();
    this.#isLoading = false;
  }

  /** Rises with every change of what is listed. */
  get version(): number {
    return this.#version;
  }

  /** Takes over what has changed since. */
  follow(): void {
    const nowMs = this.#clock.monotonicMs();
    const before = this.#version;
    for (let events = this.#watch.read(stepEvents); events.length > 0; events = this.#watch.read(stepEvents)) {
      for (const event of events) {
        if (event.type === 'put') this.#put(event.instance.name, event.instance.id);
        else if (event.type === 'delete') this.#remove(event.name, event.id);
        else if (event.type === 'snapshot') this.#replace(event.instances);
      }
      if (events.length < stepEvents) break;
    }
    // Nobody can have a list from before such a silence and ask for a delta in time.
    if (nowMs - this.#followedMs > deltaMs) this.#recent.clear();
    this.#followedMs = nowMs;
    for (const [key, { atMs }] of this.#recent) {
      if (nowMs - atMs <= deltaMs) break;
      this.#recent.delete(key);
      this.#version += 1;
    }
    if (before !== this.#version) this.#forgetEmpty();
  }

  /** The applications' names, sorted. */
  get apps(): readonly string[] {
    return [...this.#members.keys()].sort();
  }

  /** The members of an application, by name and id. */
  members(app: string): readonly Member[] {
    return [...(this.#members.get(app)?.values() ?? [])].sort(byPlace);
  }

  /** The members that are chosen, by application, name and id. */
  chosen(choose: (member: Member) => boolean): readonly Member[] {
    const chosen: Member[] = [];
    for (const members of this.#members.values())
      for (const member of members.values()) if (choose(member)) chosen.push(member);
    return chosen.sort((a, b) => (a.app === b.app ? byPlace(a, b) : a.app < b.app ? -1 : 1));
  }

  /** What has changed lately, the latest state of each, oldest change first. */
  get recent(): readonly Member[] {
    return [...this.#recent.values()].map(({ member }) => member);
  }

  /** A member by the id that Eureka's clients know. */
  find(app: string, id: string): Member | undefined {
    const nativeId = nativeIdOf(id);
    const members = this.#members.get(app);
    for (const name of this.#names.get(app) ?? []) {
      const member = members?.get(`${name}/${nativeId}`);
      if (member?.id === id) return member;
    }
    return id.includes(apart) ? [...(members?.values() ?? [])].find((member) => member.id === id) : undefined;
  }

  /** A member of that id, of whatever application. */
  findAnywhere(id: string): Member | undefined {
    const [view] = this.#registry.view.byId(nativeIdOf(id));
    return view && this.#members.get(appOf(view.shown.name))?.get(`${view.shown.name}/${view.shown.id}`);
  }

  /** How Eureka's clients are shown a member, with its latest sign of life. */
  show(member: Member): EurekaInstance {
    const { name, id, revision } = member.view.shown;
    const now = member.action === 'DELETED' ? undefined : this.#registry.view.find(name, id);
    return showEurekaInstance(now?.shown.revision === revision ? now : member.view, member);
  }

  /** How many members have which status, as clients compare it with what they have. */
  get hash(): string {
    return hashOf(this.#counts);
  }

  #put(name: string, id: string): void {
    const view = this.#registry.view.find(name, id);
    if (view === undefined) return this.#remove(name, id);
    const app = appOf(name);
    const key = `${name}/${id}`;
    const before = this.#members.get(app)?.get(key);
    if (before?.view.shown.revision === view.shown.revision && before.view.shown.status === view.shown.status) return;
    // One that is new in this window is new to every reader of the delta; changed again, some may have it already.
    const action: ActionType = before === undefined ? 'ADDED' : 'MODIFIED';
    const updatedMs = this.#isLoading ? Date.parse(view.shown.registered_at) : this.#clock.now();
    const member = { app, id: before?.id ?? this.#freeId(app, view), view, status: statusOf(view), action, updatedMs };
    this.#count(before, -1);
    this.#count(member, 1);
    this.#membersOf(app).set(key, member);
    this.#namesOf(app).add(name);
    this.#note(key, member);
  }

  /**
   * An id in the application for an instance. Services whose names differ in case alone are one application, and may have
   * the same ids; clients could not tell two with one id apart, and would never agree with the hash.
   */
  #freeId(app: string, view: InstanceView): string {
    const id = idOf(view);
    return this.find(app, id) === undefined ? id : `${id}${apart}${view.shown.name}`;
  }

  #remove(name: string, id: string): void {
    const app = appOf(name);
    const key = `${name}/${id}`;
    const before = this.#members.get(app)?.get(key);
    if (before === undefined) return;
    this.#count(before, -1);
    this.#members.get(app)?.delete(key);
    this.#note(key, { ...before, action: 'DELETED', updatedMs: this.#clock.now() });
  }

  #replace(instances: readonly ServiceInstance[]): void {
    const present = new Set(instances.map(({ name, id }) => `${name}/${id}`));
    for (const { view } of this.chosen(({ view }) => !present.has(`${view.shown.name}/${view.shown.id}`)))
      this.#remove(view.shown.name, view.shown.id);
    for (const { name, id } of instances) this.#put(name, id);
  }

  #note(key: string, member: Member): void {
    this.#version += 1;
    this.#recent.delete(key);
    this.#recent.set(key, { member, atMs: this.#clock.monotonicMs() });
  }

  #count(member: Member | undefined, by: 1 | -1): void {
    if (member === undefined) return;
    const count = (this.#counts.get(member.status) ?? 0) + by;
    if (count === 0) this.#counts.delete(member.status);
    else this.#counts.set(member.status, count);
  }

  #membersOf(app: string): Map<string, Member> {
    const known = this.#members.get(app);
    if (known !== undefined) return known;
    const members = new Map<string, Member>();
    this.#members.set(app, members);
    return members;
  }

  #namesOf(app: string): Set<string> {
    const known = this.#names.get(app);
    if (known !== undefined) return known;
    const names = new Set<string>();
    this.#names.set(app, names);
    return names;
  }

  #forgetEmpty(): void {
    for (const [app, members] of this.#members) {
      if (members.size > 0) continue;
      this.#members.delete(app);
      this.#names.delete(app);
    }
  }
}

/** `DOWN_1_UP_2_`: how many have which status, by its name. */
export function hashOf(counts: ReadonlyMap<EurekaStatus, number>): string {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([status, count]) => `${status}_${count}_`)
    .join('');
}

function byPlace(a: Member, b: Member): number {
  const [left, right] = [a.view.shown, b.view.shown];
  if (left.name !== right.name) return left.name < right.name ? -1 : 1;
  return left.id < right.id ? -1 : 1;
}
