import { showInstance } from '../catalog/instance-entry.ts';
import type { LiveInstances } from '../state/live-instances.ts';
import type { ResolvedRegistryOptions } from '../state/options.ts';
import { type Actor, requireRight } from '../write/actor.ts';
import { type Announcement, changesOfAnnouncement } from '../write/announcement-changes.ts';
import type { Draft } from '../write/draft.ts';
import { refuseBeyond } from '../write/registration-limits.ts';
import type { Intent } from '../write/write-queue.ts';
import type { Registered } from './outcomes.ts';
import { requireWritten } from './require-instance.ts';

/** What an announcement needs of the registry. */
export interface AnnounceContext
  extends Pick<ResolvedRegistryOptions, 'clock' | 'keepMaintenanceMs' | 'limits' | 'store'> {
  readonly instances: LiveInstances;
}

/**
 * Decides what an announcement changes.
 *
 * @throws {AppError} FORBIDDEN, REGISTRATION_HELD, REGISTRATION_LIMIT
 */
export function announceIntent(
  draft: Draft,
  announcement: Announcement,
  actor: Actor,
  { clock, keepMaintenanceMs, limits, store, instances }: AnnounceContext,
): Intent<Registered> {
  const { name, id } = announcement;
  requireRight(actor, { kind: 'register', service: name });
  const nowMs = clock.now();
  const { client } = actor;
  const lease = { owner: store.owner, seenMs: nowMs };
  const outcome = changesOfAnnouncement(draft, announcement, { lease, client }, { nowMs, keepMaintenanceMs });
  refuseBeyond(limits, draft, outcome.counted);
  // A sign of life counts from now: an expiry in the same batch must see it.
  if (outcome.there !== undefined) instances.touch(outcome.there, nowMs, client);
  const finish = (): Registered => {
    const entry = requireWritten(instances.catalog, name, id);
    if (client !== undefined && outcome.changes.length > 0) instances.catalog.claim(entry, client);
    instances.touch(entry, nowMs, client);
    return { instance: showInstance(entry), created: outcome.there === undefined };
  };
  return { ...outcome, actor, finish };
}
