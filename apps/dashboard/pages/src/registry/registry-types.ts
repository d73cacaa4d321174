import type { InstanceStatus, KeyRecord, RemovalReason } from '@flotilla/contracts';

/** A key as the dashboard shows it. */
export interface ShownKey extends KeyRecord {
  /** Whether its value is left out, since its name says that it is a secret. */
  readonly hidden?: boolean;
}

/** A check, as `GET /checks` of the registry shows it. */
export interface CheckRow {
  readonly name: string;
  /** The instance. */
  readonly id: string;
  readonly check: string;
  readonly type: string;
  readonly title?: string;
  readonly status: InstanceStatus;
  readonly output: string;
  readonly changed_at?: string;
  readonly last_run_at?: string;
  readonly last_run_ms?: number;
}

/** `GET /explain/{service}` of the registry. */
export interface Explanation {
  readonly service: string;
  readonly summary: string;
  readonly instances: readonly ExplainedInstance[];
  readonly removed: readonly Departure[];
  readonly guard: { readonly open: boolean; readonly why?: string };
}

export interface ExplainedInstance {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly ready: boolean;
  readonly why: string;
  readonly status: InstanceStatus;
  readonly draining: boolean;
  readonly weight: number;
  readonly last_seen: string;
  readonly lease_ms: number;
  readonly registered_at: string;
  readonly revision: number;
}

export interface Departure {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly why: string;
  readonly reason: RemovalReason;
  readonly at: string;
}

/** `GET /trail` of the registry. */
export interface Trail {
  readonly entries: readonly TrailEntry[];
  readonly next?: number;
}

/** What happened, flat: which fields there are depends on `what`. */
export interface TrailEntry {
  readonly place: number;
  readonly revision: number;
  readonly at: string;
  readonly what: string;
  readonly by: { readonly via: string; readonly client?: string; readonly accessor?: string };
  readonly why?: string;
  readonly service?: string;
  readonly id?: string;
  readonly key?: string;
  readonly check?: string;
  readonly from?: string;
  readonly to?: string;
  readonly output?: string;
  readonly reason?: RemovalReason;
  readonly address?: string;
  readonly port?: number;
  readonly changed?: readonly string[];
  readonly session?: string;
  readonly node?: string;
}
