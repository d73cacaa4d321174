import type { InstanceStatus } from '@flotilla/contracts';
import { type InstanceEntry, isEntryReady, statusOf } from './instance-entry.ts';

/** Which instances to list. Every condition that is given must hold. */
export interface InstanceFilter {
  readonly status?: InstanceStatus | undefined;
  /** All of these tags. */
  readonly tags?: readonly string[] | undefined;
  /** These metadata entries, with exactly these values. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** `true`: only those that get traffic; `false`: only the others. */
  readonly served?: boolean | undefined;
}

/** Whether an instance passes the filter. */
export function passes(entry: InstanceEntry, filter: InstanceFilter): boolean {
  const { record } = entry;
  if (filter.status !== undefined && statusOf(entry) !== filter.status) return false;
  if (filter.served !== undefined && isEntryReady(entry) !== filter.served) return false;
  if (filter.tags !== undefined && !filter.tags.every((tag) => record.tags.includes(tag))) return false;
  if (filter.metadata === undefined) return true;
  return Object.entries(filter.metadata).every(
    ([key, value]) => Object.hasOwn(record.metadata, key) && record.metadata[key] === value,
  );
}
