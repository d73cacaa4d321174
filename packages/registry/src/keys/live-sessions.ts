import type { Clock } from '@flotilla/contracts';
import { LeaseTable } from '../lease/lease-table.ts';
import type { RecordLease } from '../record/log-record.ts';
import type { SessionValue } from '../record/session.ts';
import type { SessionEntry } from './session-entry.ts';
import { placeOfLink } from './session-links.ts';

/** How {@link LiveSessions} work. */
export interface LiveSessionsOptions {
  readonly clock: Clock;
  /** What this registry is called as an owner of leases. */
  readonly owner: string;
  /** The leases of these sessions have run out. */
  readonly onExpired: (ids: readonly string[]) => void;
}

/** The sessions in memory, and their leases. */
export class LiveSessions {
  readonly #options: LiveSessionsOptions;
  readonly #sessions = new Map<string, SessionEntry>();
  readonly #leases: LeaseTable<string>;
  /** The sessions that depend on something, by what that is. */
  readonly #linked = new Map<string, Set<string>>();

  constructor(options: LiveSessionsOptions) {
    this.#options = options;
    const { clock, onExpired } = options;
    this.#leases = new LeaseTable({ clock, onExpired: (leases) => onExpired(leases.map(({ holder }) => holder)) });
  }

  get size(): number {
    return this.#sessions.size;
  }

  get(id: string): SessionEntry | undefined {
    return this.#sessions.get(id);
  }

  /** All sessions, the oldest first. */
  all(): readonly SessionEntry[] {
    return [...this.#sessions.values()];
  }

  /** The sessions that depend on something: see `placeOfLink`. */
  dependingOn(place: string): readonly string[] {
    return [...(this.#linked.get(place) ?? [])];
  }

  /** Whether any session depends on anything. */
  get areLinked(): boolean {
    return this.#linked.size > 0;
  }

  /** The sessions whose time nobody counts, as `owner` works no more. */
  of(owner: string): readonly SessionEntry[] {
    return this.all().filter((entry) => entry.owner === owner);
  }

  /** Makes memory hold a session as the store does. Its lease runs in full from now. */
  put(value: SessionValue, lease: RecordLease | undefined, revision: number, createdRevision?: number): void {
    const before = this.#sessions.get(value.id);
    if (before !== undefined) this.#forget(before);
    const owner = lease?.owner;
    this.#sessions.set(value.id, {
      value,
      createdRevision: createdRevision ?? before?.createdRevision ?? revision,
      revision,
      owner,
      lease: owner === this.#options.owner ? this.#leases.grant(value.id, value.ttlMs) : undefined,
    });
    for (const link of value.links) this.#linkedTo(placeOfLink(link)).add(value.id);
  }

  delete(id: string): void {
    const entry = this.#sessions.get(id);
    if (entry !== undefined) this.#forget(entry);
    this.#sessions.delete(id);
  }

  /** Lets the lease of a session run in full from now, also if it has run out just now. */
  hear(id: string): void {
    const lease = this.#sessions.get(id)?.lease;
    if (lease !== undefined) this.#leases.renew(lease);
  }

  /** Whether a session's lease has run out, and nobody has renewed it since. */
  isOver({ lease }: SessionEntry): boolean {
    return lease !== undefined && !this.#leases.isRunning(lease);
  }

  clear(): void {
    for (const entry of this.#sessions.values()) this.#forget(entry);
    this.#sessions.clear();
  }

  /** Stops the timer. */
  stop(): void {
    this.#leases.close();
  }

  #forget({ value, lease }: SessionEntry): void {
    if (lease !== undefined) this.#leases.release(lease);
    for (const place of value.links.map(placeOfLink)) {
      const linked = this.#linkedTo(place);
      linked.delete(value.id);
      if (linked.size === 0) this.#linked.delete(place);
    }
  }

  #linkedTo(place: string): Set<string> {
    const known = this.#linked.get(place);
    if (known !== undefined) return known;
    const linked = new Set<string>();
    this.#linked.set(place, linked);
    return linked;
  }
}
