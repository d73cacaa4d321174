import type { Clock, Timer } from '@flotilla/contracts';
import type { Draft } from '../write/draft.ts';
import type { Intent } from '../write/write-queue.ts';
import type { LiveKeys } from './live-keys.ts';
import { endSession, freeOrphans } from './session-end.ts';
import type { SessionEntry } from './session-entry.ts';
import { brokenLink, type Linkable } from './session-links.ts';

/** What a {@link SessionUpkeep} works with. */
export interface SessionUpkeepOptions {
  readonly live: LiveKeys;
  readonly submit: <T>(decide: (draft: Draft) => Intent<T>) => Promise<T>;
  readonly clock: Clock;
  /** What this registry is called as an owner of leases. */
  readonly owner: string;
  readonly linkable: Linkable;
  readonly onError: (error: unknown, doing: string) => void;
}

/** How long after a write that could not be stored it is tried again. */
const retryMs = 1_000;

/** Ends the sessions whose time is over, or that have lost what they depend on. Nobody asks for it. */
export class SessionUpkeep {
  readonly #options: SessionUpkeepOptions;
  readonly #unended = new Set<string>();
  #retry: Timer | undefined;

  constructor(options: SessionUpkeepOptions) {
    this.#options = options;
  }

  /** Brings what a store held to the rules. Never rejects. */
  async settle(owners: readonly string[]): Promise<void> {
    const { live } = this.#options;
    const gone = new Set(live.sessions.all().flatMap(({ owner }) => owner ?? []));
    for (const owner of owners) gone.delete(owner);
    await Promise.all([
      this.judge(live.sessions.all().map(({ value }) => value.id)),
      this.free(live.orphans()),
      ...[...gone].map((owner) => this.adopt(owner)),
    ]);
  }

  /** Ends those of these sessions that have to end. Never rejects. */
  async judge(ids: readonly string[]): Promise<void> {
    const { live, submit, onError } = this.#options;
    const results = await Promise.allSettled(
      ids.map((id) => endSession({ live, submit, id, isOver: (entry) => this.#isOver(entry) })),
    );
    const wasFailing = this.#unended.size > 0;
    for (const [index, result] of results.entries()) {
      const id = ids[index] ?? '';
      if (result.status === 'fulfilled') this.#unended.delete(id);
      else this.#unended.add(id);
    }
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined && !wasFailing) onError(failure.reason, 'end sessions whose time is over');
    if (this.#unended.size > 0) this.#tryLater();
  }

  /** Unlocks keys whose session is not there. Never rejects. */
  async free(keys: readonly string[]): Promise<void> {
    const { live, submit, onError } = this.#options;
    await freeOrphans(live, submit, keys).catch((error: unknown) => onError(error, 'unlock keys of ended sessions'));
  }

  /** Counts the time of sessions whose registry works no more; it runs in full from then. Never rejects. */
  async adopt(gone: string): Promise<void> {
    const { live, submit, clock, owner, onError } = this.#options;
    const writes = live.sessions.of(gone).map(({ value: { id } }) =>
      submit((draft): Intent<void> => {
        draft.ask(`session ${id}`);
        const present = live.sessions.get(id);
        if (present?.owner !== gone) return { changes: [], conditions: [], finish: () => {} };
        const { value, revision } = present;
        return {
          changes: [{ type: 'put', kind: 'session', key: id, value, lease: { owner, seenMs: clock.now() } }],
          conditions: [{ kind: 'session', key: id, revision }],
          finish: () => {},
        };
      }),
    );
    await Promise.all(writes).catch((error: unknown) => onError(error, 'take over sessions'));
  }

  /** Tries no more. */
  stop(): void {
    this.#retry?.cancel();
    this.#unended.clear();
  }

  #isOver(entry: SessionEntry): boolean {
    const { live, linkable } = this.#options;
    return live.sessions.isOver(entry) || entry.value.links.some((link) => brokenLink(link, linkable) !== undefined);
  }

  #tryLater(): void {
    this.#retry ??= this.#options.clock.after(retryMs, () => {
      this.#retry = undefined;
      void this.judge([...this.#unended]);
    });
  }
}
