import type { Change, LogRecord, RecordKind } from '../record/log-record.ts';
import type { TrailLine, TrailPage, TrailQuery } from './trail-line.ts';

/** Everything a store holds, at one revision. */
export interface StoreContents {
  /**
   * Names the history that the revisions belong to: given to a new store at random, and kept for good. Two stores that
   * have different ones know nothing of each other's revisions.
   */
  readonly history: string;
  /**
   * The revision of the last commit ever made. A new store begins beyond every revision that an earlier one in its
   * place can have reached, so that nobody resumes from one history into another.
   */
  readonly revision: number;
  readonly records: readonly LogRecord[];
  /** When a registry last noted that it works, wall-clock time in milliseconds since the Unix epoch; 0 = never. */
  readonly aliveMs: number;
  /** Which owners of leases may be at work, the caller among them. The leases of all others are to be had. */
  readonly owners: readonly string[];
}

/** A record that has to be as it was read, or a commit is not carried out. */
export interface Condition {
  readonly kind: RecordKind;
  readonly key: string;
  /** The revision that changed it last; 0 = there is none. */
  readonly revision: number;
}

/** What came of a commit. */
export type CommitResult =
  /** All changes are durable, under this one revision. */
  | { readonly kind: 'committed'; readonly revision: number }
  /** A condition was not met, and nothing was written. Who has followed up to `revision` knows what is there instead. */
  | { readonly kind: 'conflict'; readonly condition: Condition; readonly revision: number };

/** A sign of life of a record that lives by a lease. */
export interface SignOfLife {
  readonly kind: RecordKind;
  readonly key: string;
  /** Wall-clock time, in milliseconds since the Unix epoch. */
  readonly seenMs: number;
}

/** What a store tells those who follow it. */
export type StoreEvent =
  /** One commit, whole. */
  | {
      readonly kind: 'commit';
      readonly revision: number;
      readonly changes: readonly Change[];
      /** What the trail says of it. */
      readonly lines: readonly TrailLine[];
    }
  /** Signs of life that another registry has noted. */
  | { readonly kind: 'seen'; readonly signs: readonly SignOfLife[] }
  /** An owner of leases works no more, and others may take them over. */
  | { readonly kind: 'owner-gone'; readonly owner: string }
  /** What was committed since can't be told any more: `load` again. Nothing comes after it. */
  | { readonly kind: 'compacted' };

/**
 * Where the registry's log survives. Small on purpose, so that a second implementation (etcd) fits: what it promises is
 * written in the conformance suite of `@flotilla/testing`, which every implementation passes. Several registries may
 * work on one store, if it says so.
 *
 * One caller at a time commits. Errors of the storage come as AppError STORAGE_UNAVAILABLE, with nothing written.
 */
export interface RecordStore {
  /** What the caller is called as an owner of leases. Kept over a restart, if nobody else can have its leases meanwhile. */
  readonly owner: string;
  /** The most changes one commit takes; a transaction of etcd is limited, and a long one of SQLite holds up the loop. */
  readonly maxChanges: number;
  /** Reads everything. */
  load(): Promise<StoreContents>;
  /**
   * Carries out all `changes` in order, or none, if all `conditions` hold before the first. When it resolves with
   * `committed` they survive a crash of the process and of the machine.
   *
   * The commit gets one revision, above all before it by at least the number of its changes, also across restarts and
   * also when what was written last has been deleted since. The numbers between are for those who are told of the changes
   * one by one: each has a place of its own, to go on from. A delete of what isn't there harms nothing.
   *
   * No commit changes a key twice, but that it may delete a record, alone or in a range, and put a new one in its place.
   *
   * The `lines` of the audit trail are written with the changes or not at all. A commit of lines alone takes no revision, and
   * nobody is told of it. The trail is bounded: the oldest lines go.
   */
  commit(
    changes: readonly Change[],
    conditions?: readonly Condition[],
    lines?: readonly TrailLine[],
  ): Promise<CommitResult>;
  /** Reads the audit trail, the newest lines first. */
  readTrail(query: TrailQuery): Promise<TrailPage>;
  /**
   * Tells of every commit after the revision `from`, this caller's own and those of others, in the order of their
   * revisions, each once; first what there is already, then what comes. Ends when `signal` is aborted or the store is
   * closed, and after `compacted`. Throws when the store can't be followed for now: go on from the last revision told.
   */
  follow(from: number, signal: AbortSignal): AsyncIterable<StoreEvent>;
  /**
   * Notes signs of life, and that the registry worked at `aliveMs`. No change: takes no revision, may be lost in a crash,
   * passes over records that are gone.
   */
  noteSeen(signs: readonly SignOfLife[], aliveMs: number): Promise<void>;
  /** Resolves if what is committed now is there after a restart, by really writing. For the readiness check. */
  check(): Promise<void>;
  /** Lets go of files and connections. Harmless the second time. */
  close(): Promise<void>;
}
