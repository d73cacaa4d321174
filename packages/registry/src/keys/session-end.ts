import type { Change } from '../record/log-record.ts';
import type { Condition } from '../store/record-store.ts';
import { type Actor, requireRight } from '../write/actor.ts';
import type { Draft } from '../write/draft.ts';
import type { Intent } from '../write/write-queue.ts';
import type { LiveKeys } from './live-keys.ts';
import type { SessionEntry } from './session-entry.ts';

/** How many locks are given back in one commit. */
const locksAtOnce = 50;

/** Which session is to end. */
export interface SessionEnd {
  readonly live: LiveKeys;
  readonly submit: <T>(decide: (draft: Draft) => Intent<T>) => Promise<T>;
  readonly id: string;
  readonly actor?: Actor | undefined;
  /** Asked when it is the session's turn: whether it still is to end. */
  readonly isOver: (entry: SessionEntry) => boolean;
}

/**
 * Ends a session, with all it has locked: in one commit, or in several if that is much. It is there until the last of them, and
 * after a crash in between it ends as it would have.
 */
export async function endSession(end: SessionEnd): Promise<void> {
  const { live, submit, id, actor, isOver } = end;
  const more = await submit((draft): Intent<boolean> => {
    draft.ask(`session ${id}`);
    draft.share('keys');
    requireRight(actor, { kind: 'sessions' });
    const entry = live.sessions.get(id);
    if (entry === undefined || !isOver(entry)) return { changes: [], conditions: [], finish: () => false };
    const locked = live.lockedBy(id);
    for (const key of locked) requireRight(actor, { kind: 'write-key', key });
    const keys = locked.slice(0, locksAtOnce);
    for (const key of keys) draft.ask(`key ${key}`);
    const isLast = keys.length === locked.length;
    return {
      changes: [
        // First, so that followers know for how long nobody may lock its keys.
        ...(isLast ? [{ type: 'delete', kind: 'session', key: id } as const] : []),
        ...keys.map((key) => unlocked(live, key, entry.value.behavior)),
      ],
      conditions: [
        { kind: 'session', key: id, revision: entry.revision },
        ...keys.map((key): Condition => ({ kind: 'key', key, revision: live.get(key)?.revision ?? 0 })),
      ],
      actor,
      finish: () => {
        if (!isLast) for (const key of keys) live.delays.begin(key, entry.value.lockDelayMs);
        return !isLast;
      },
    };
  });
  if (more) await endSession({ ...end, isOver: () => true });
}

/** Unlocks keys whose session is not there: another registry has locked them at the same moment. */
export async function freeOrphans(
  live: LiveKeys,
  submit: SessionEnd['submit'],
  keys: readonly string[],
): Promise<void> {
  const writes = keys.map((key) =>
    submit((draft): Intent<void> => {
      draft.share('keys');
      draft.ask(`key ${key}`);
      const nothing = { changes: [], conditions: [], finish: () => {} };
      if (!live.isOrphan(key)) return nothing;
      return {
        changes: [unlocked(live, key, 'release')],
        conditions: [{ kind: 'key', key, revision: live.get(key)?.revision ?? 0 }],
        finish: () => {},
      };
    }),
  );
  await Promise.all(writes);
}

function unlocked(live: LiveKeys, key: string, behavior: 'release' | 'delete'): Change {
  const entry = live.get(key);
  if (behavior === 'delete' || entry === undefined) return { type: 'delete', kind: 'key', key };
  const { value, flags, lockIndex } = entry;
  return { type: 'put', kind: 'key', key, value: { key, value, flags, lockIndex } };
}
