import type { GuardEnd, GuardView } from './guard-view.ts';

/** An instance that is kept though it has fallen silent. */
export interface Suspect {
  readonly sinceMs: number;
  /** When it is given up, on the monotonic clock. */
  dueMs: number;
  /** Whether it has been told to come back within a lease, as enough others have. */
  hurried: boolean;
  marking: boolean;
}

/** One time of many losses. */
export interface Episode {
  /** On the monotonic clock. */
  readonly openedMs: number;
  /** In what leases are counted by. */
  readonly openedWorkedMs: number;
  readonly openedAtMs: number;
  readonly why: string;
  of: number;
  /** The most suspects at a time. */
  peak: number;
  returned: number;
  removed: number;
  /** For how many of a service others have come, and they were given up. */
  readonly replaced: Map<string, number>;
}

/** What is shown of an episode under way. */
export function shownEpisode(
  { openedAtMs, why, returned, removed, of }: Episode,
  suspects: number,
): Omit<Extract<GuardView, { open: true }>, 'open' | 'until' | 'share_percent' | 'hold_ms'> {
  return { since: rfc3339(openedAtMs), why, suspects, returned, removed, of };
}

/** What is shown of an episode that ended at `nowMs`. */
export function endOf({ openedAtMs, why, returned, removed }: Episode, nowMs: number): GuardEnd {
  return { since: rfc3339(openedAtMs), ended: rfc3339(nowMs), why, returned, removed };
}

export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}
