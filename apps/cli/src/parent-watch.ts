import type { Clock } from '@flotilla/contracts';

/** What {@link watchParent} needs of the process. */
export interface ParentWatchOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** The id of the parent now: another one once the parent has ended. */
  readonly parent: () => number;
  /** The parent has ended. Called once. */
  readonly onGone: () => void;
}

/** A shell that starts us in the background ends at once: then nobody means to end us with it. */
const settledMs = 1_000;
const pollMs = 500;

/**
 * Notices that `npx` or `npm run` was stopped. Both pass SIGTERM to their shell alone, which dies of it and tells nobody:
 * without this the whole fleet would run on, with its ports.
 */
export function watchParent({ env, clock, parent, onGone }: ParentWatchOptions): void {
  if (env['npm_lifecycle_event'] === undefined && env['npm_command'] === undefined) return;
  const first = parent();
  const look = (): void => {
    if (parent() === first) clock.after(pollMs, look);
    else onGone();
  };
  clock.after(settledMs, () => {
    if (parent() === first) look();
  });
}
