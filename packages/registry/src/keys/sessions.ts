import { randomUUID } from 'node:crypto';
import { AppError, type Clock } from '@flotilla/contracts';
import type { SessionValue } from '../record/session.ts';
import type { RecordStore } from '../store/record-store.ts';
import { type Actor, requireRight } from '../write/actor.ts';
import type { Draft } from '../write/draft.ts';
import type { Intent } from '../write/write-queue.ts';
import { type KeyLimits, refuseMoreSessions } from './key-limits.ts';
import type { LiveKeys } from './live-keys.ts';
import { endSession } from './session-end.ts';
import type { SessionEntry } from './session-entry.ts';
import { brokenLink, type Linkable, placeOfLink } from './session-links.ts';

/** What {@link Sessions} work with. */
export interface SessionsOptions {
  readonly live: LiveKeys;
  readonly submit: <T>(decide: (draft: Draft) => Intent<T>) => Promise<T>;
  readonly store: Pick<RecordStore, 'owner' | 'noteSeen'>;
  readonly clock: Clock;
  readonly linkable: Linkable;
  readonly limits: KeyLimits;
  readonly onBackgroundError: (error: unknown, doing: string) => void;
}

/** A session as it is asked for. */
export type NewSession = Omit<SessionValue, 'id'>;

/** The sessions: who holds locks on keys, and for how long. */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#options.live.sessions.size;
  }

  get(id: string): SessionEntry | undefined {
    return this.#options.live.sessions.get(id);
  }

  /** All sessions, the oldest first. */
  all(): readonly SessionEntry[] {
    return this.#options.live.sessions.all();
  }

  /**
   * Begins a session. Rejects with KEY_LIMIT if there are too many, with SESSION_LINK_BROKEN if an instance or a check that it
   * depends on is not there or is critical.
   */
  create(session: NewSession, actor?: Actor): Promise<SessionEntry> {
    const { live, submit, store, clock, linkable, limits } = this.#options;
    const id = randomUUID();
    return submit((draft): Intent<SessionEntry> => {
      requireRight(actor, { kind: 'sessions' });
      for (const link of session.links) {
        if ('node' in link) draft.ask(placeOfLink(link));
        else draft.get(link.name, link.id);
        const broken = brokenLink(link, linkable);
        if (broken !== undefined) throw new AppError('SESSION_LINK_BROKEN', { detail: broken });
      }
      refuseMoreSessions(limits, live.sessions.size);
      const lease = session.ttlMs > 0 ? { owner: store.owner, seenMs: clock.now() } : undefined;
      return {
        changes: [{ type: 'put', kind: 'session', key: id, value: { ...session, id }, lease }],
        conditions: [{ kind: 'session', key: id, revision: 0 }],
        actor,
        finish: () => this.#required(id),
      };
    });
  }

  /**
   * Lets a session live for another length of its time.
   *
   * @throws {AppError} SESSION_NOT_FOUND
   */
  renew(id: string, actor?: Actor): SessionEntry {
    requireRight(actor, { kind: 'sessions' });
    const { live, store, clock, onBackgroundError } = this.#options;
    const entry = this.#required(id);
    live.sessions.hear(id);
    // Another registry counts its time.
    if (entry.owner !== undefined && entry.lease === undefined) {
      const sign = { kind: 'session', key: id, seenMs: clock.now() } as const;
      store
        .noteSeen([sign], clock.now())
        .catch((error: unknown) => onBackgroundError(error, 'pass on the renewal of a session'));
    }
    return entry;
  }

  /** Ends a session: what it has locked is unlocked or deleted. Ending one that is not there is no error. */
  destroy(id: string, actor?: Actor): Promise<void> {
    const { live, submit } = this.#options;
    return endSession({ live, submit, id, actor, isOver: () => true });
  }

  #required(id: string): SessionEntry {
    const entry = this.#options.live.sessions.get(id);
    if (entry === undefined) throw new AppError('SESSION_NOT_FOUND', { parameters: { id } });
    return entry;
  }
}
