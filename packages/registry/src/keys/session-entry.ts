import type { Lease } from '../lease/lease-table.ts';
import type { SessionValue } from '../record/session.ts';

/** A session in memory. */
export interface SessionEntry {
  readonly value: SessionValue;
  readonly createdRevision: number;
  readonly revision: number;
  /** Which registry counts the time of its lease; undefined without a lease. */
  readonly owner: string | undefined;
  /** Its lease, if this registry counts the time. */
  readonly lease: Lease<string> | undefined;
}
