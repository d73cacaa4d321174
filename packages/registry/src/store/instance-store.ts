import type { RemovalReason, ServiceInstance } from '@flotilla/contracts';

/**
 * What a store keeps of an instance: all that changes only by a write. The sign of life and the revision are beside it.
 * Its `status` is what the instance says of itself; the maintenance an operator wishes is a record of its own.
 */
export interface InstanceRecord extends Omit<ServiceInstance, 'last_seen' | 'revision'> {
  /** What its process shows when it renews, reports or deregisters; without one, anybody may. Never shown to readers. */
  readonly token?: string | undefined;
}

/** One instance as a store gives it back. */
export interface StoredInstance {
  readonly record: InstanceRecord;
  /** The revision of the change that wrote it. */
  readonly revision: number;
  /** Wall-clock time of the last sign of life the store was told of, in milliseconds since the Unix epoch. */
  readonly lastSeenMs: number;
}

/** An operator's wish that an instance gets no traffic. It outlives the instance's registration. */
export interface MaintenanceRecord {
  readonly name: string;
  readonly id: string;
  /** Wall-clock time at which the instance went, in milliseconds since the Unix epoch; undefined while it is registered. */
  readonly goneMs: number | undefined;
}

/** Everything a store holds, at one revision. */
export interface StoreContents {
  /**
   * Names the history that the revisions belong to: given to a new store at random, and kept for good. Two stores that
   * have different ones know nothing of each other's revisions.
   */
  readonly history: string;
  /**
   * The revision of the last change ever committed. A new store begins beyond every revision that an earlier one in its
   * place can have reached, so that nobody resumes from one history into another.
   */
  readonly revision: number;
  readonly instances: readonly StoredInstance[];
  readonly maintenance: readonly MaintenanceRecord[];
  /** When the registry last noted that it works, wall-clock time in milliseconds since the Unix epoch; 0 = never. */
  readonly aliveMs: number;
}

/**
 * One change. `expectedRevision` makes it conditional: it is only carried out if the instance's record is still the
 * one written at that revision; 0 = only if there is none. Without it the change is carried out in any case.
 */
export type Change =
  | {
      readonly kind: 'put';
      readonly record: InstanceRecord;
      readonly lastSeenMs: number;
      /** Who registers it, for the limits. Not stored: an address says nothing after a restart. Default: as before. */
      readonly client?: string | undefined;
      readonly expectedRevision?: number;
    }
  | {
      readonly kind: 'delete';
      readonly name: string;
      readonly id: string;
      readonly reason: RemovalReason;
      readonly expectedRevision?: number;
    }
  | ({ readonly kind: 'maintain' } & MaintenanceRecord)
  | { readonly kind: 'end-maintenance'; readonly name: string; readonly id: string };

/** What came of a commit. */
export type CommitResult =
  /** All changes are durable. `revisions[i]` belongs to the change at `i`; they rise strictly. */
  | { readonly kind: 'committed'; readonly revisions: readonly number[] }
  /** Nothing was written: the change at `index` met a record at `actualRevision` (0 = none). */
  | { readonly kind: 'conflict'; readonly index: number; readonly actualRevision: number };

/** A sign of life of an instance that is in the store. */
export interface SignOfLife {
  readonly name: string;
  readonly id: string;
  readonly lastSeenMs: number;
}

/**
 * Where the registry's state survives. Small on purpose, so that a second implementation (etcd) fits: what it promises
 * is written in the conformance suite of `@flotilla/testing`, which every implementation passes.
 *
 * One caller at a time commits. Errors of the storage come as AppError STORAGE_UNAVAILABLE, with nothing written.
 */
export interface InstanceStore {
  /** The most changes one commit takes; a transaction of etcd is limited, and a long one of SQLite holds up the loop. */
  readonly maxChanges: number;
  /** Reads everything. Called once, before anything else. */
  load(): Promise<StoreContents>;
  /**
   * Carries out all `changes` in order, or none. When it resolves with `committed` they survive a crash of the process
   * and of the machine. Every change gets a revision of its own, higher than any before it, also across restarts and
   * also when what was written last has been deleted since. A delete of what isn't there still takes a revision.
   */
  commit(changes: readonly Change[]): Promise<CommitResult>;
  /**
   * Notes signs of life, and that the registry worked at `aliveMs`. No change: takes no revision, may be lost in a crash,
   * passes over instances that are gone.
   */
  noteSeen(signs: readonly SignOfLife[], aliveMs: number): Promise<void>;
  /** Resolves if what is committed now is there after a restart, by really writing. For the readiness check. */
  check(): Promise<void>;
  /** Lets go of files and connections. Harmless the second time. */
  close(): Promise<void>;
}
