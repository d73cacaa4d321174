import type { RemovalReason, ServiceInstance } from '@flotilla/contracts';
import type { Departure } from '../trail/departures.ts';
import type { TrailNote } from '../trail/trail-note.ts';
import type { CheckView } from './registry-view.ts';

/** What happened to an instance that has gone. */
const reasons: { readonly [K in RemovalReason]: string } = {
  deregistered: 'it was deregistered',
  expired: 'its lease ran out',
  replaced: 'another one took its id, or its address and port',
  critical: 'its checks were critical for too long',
};

/** Why an instance has gone, when, and who removed it. */
export function whyGone({ id, atMs, reason, by, last_seen: lastSeen }: Departure): string {
  const who = by.via === 'registry' ? '' : ` by ${nameOf(by)}`;
  const seen = reason === 'expired' ? `, last heard of at ${lastSeen}` : '';
  return `${id} was removed at ${new Date(atMs).toISOString()}${who}: ${reasons[reason]}${seen}`;
}

/** Whether an instance gets new work, and why, in a sentence. */
export function whyNotReady(
  shown: ServiceInstance,
  checks: readonly CheckView[],
  setBy: { readonly by: TrailNote['by']; readonly at: string } | undefined,
): string {
  const { status, draining, port, weight, suspect_since: suspect } = shown;
  const who = setBy === undefined ? '' : `, set by ${nameOf(setBy.by)} at ${setBy.at}`;
  if (status === 'maintenance') return `It gets no work: an operator has put it into maintenance${who}`;
  if (status === 'critical') return `It gets no work: ${failing(checks)}`;
  if (draining) return `It gets no new work, and finishes what it has begun: it is draining${who}`;
  if (port === 0) return 'It gets no work: it has no port';
  if (suspect !== undefined)
    return `It gets work, although it has been silent since ${shown.last_seen}: too many instances fell silent at once (see guard)`;
  if (weight === 0) return 'It gets work only when no other instance is left: its weight is 0';
  return status === 'warning' ? `It gets work, with a warning: ${failing(checks)}` : 'It gets work';
}

function failing(checks: readonly CheckView[]): string {
  const bad = checks.filter(({ status }) => status !== 'passing');
  if (bad.length === 0) return 'its own process reported it';
  return bad
    .map(({ check, status, output }) => {
      const [line = ''] = output.trim().split('\n');
      return `check ${check} is ${status}${line === '' ? '' : ` (${line.slice(0, 200)})`}`;
    })
    .join('; ');
}

function nameOf(by: TrailNote['by']): string {
  return by.accessor ?? by.client ?? by.via;
}
