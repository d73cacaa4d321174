import type { InstanceEntry } from '../catalog/instance-entry.ts';

/** What is counted, when leases run out. */
export interface Count {
  /** How many live by signs of life, those lost included. */
  readonly of: number;
  /** How many have fallen silent and were not replaced by others of their service. */
  readonly lost: number;
  /** The services that have lost some. */
  readonly services: ReadonlySet<string>;
}

/** What a census is taken of. */
export interface CensusOptions {
  readonly entries: Iterable<InstanceEntry>;
  /** The time at which `heardMs` of a lease is counted. */
  readonly workedMs: number;
  /** The services of those that were let go a moment ago. */
  readonly gone: readonly string[];
  /** Those that have lapsed just now, and those that are kept. */
  readonly lapsed: ReadonlySet<InstanceEntry>;
  /** Whether an instance without a lease will be removed soon, as its checks are critical. */
  readonly isFailing: (entry: InstanceEntry) => boolean;
}

/** Until so many of its intervals have passed, a holder is merely late. */
const lateBy = 1.5;
/** How often a lease is renewed within its length, unless it is seen to be less often. */
const renewalsPerLease = 3;
/** Who came within so many leases may be there in place of one that has fallen silent. */
const freshLeases = 2;

/**
 * Counts who has fallen silent: those whose lease has run out, and those who should have been heard of by now. Leases of one
 * outage run out over a third of their length; if only those that have were counted, many would be gone before there are enough.
 *
 * Where others of the same service have come meanwhile, it was restarted elsewhere or scaled: that is no loss.
 */
export function takeCensus({ entries, workedMs, gone, lapsed, isFailing }: CensusOptions): Count {
  const balance = new Map<string, number>();
  const add = (service: string, by: number): void => void balance.set(service, (balance.get(service) ?? 0) + by);
  let of = gone.length;
  for (const service of gone) add(service, 1);
  for (const entry of entries) {
    const { lease, record } = entry;
    // Who is hidden has been given up, but that could not be stored yet. Leases of others are theirs to count.
    if (entry.lapsed || (lease === undefined && record.lease_ms > 0)) continue;
    of += 1;
    const isLost = lapsed.has(entry) || (lease === undefined ? isFailing(entry) : isSilent(lease, workedMs));
    if (isLost) add(record.name, 1);
    else if (lease !== undefined && workedMs - entry.enteredMs < freshLeases * lease.leaseMs) add(record.name, -1);
  }
  let lost = 0;
  const services = new Set<string>();
  for (const [service, count] of balance) {
    if (count <= 0) continue;
    services.add(service);
    lost += count;
  }
  return { of, lost, services };
}

function isSilent(lease: NonNullable<InstanceEntry['lease']>, workedMs: number): boolean {
  // Who registers and reports at once is heard twice within milliseconds: that is no interval to go by.
  const everyMs = Math.max(lease.everyMs, lease.leaseMs / renewalsPerLease);
  return lease.heapIndex < 0 || workedMs - lease.heardMs > lateBy * everyMs;
}
