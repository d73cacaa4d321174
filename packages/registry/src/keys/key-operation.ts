import type { KeyEntry } from './key-entry.ts';

/** What a key is written as. */
interface Written {
  readonly key: string;
  /** The bytes, as base64. */
  readonly value: string;
  /** Default 0. */
  readonly flags?: string | undefined;
}

/**
 * One step of a transaction. Each sees what those before it have done.
 * - `set`: writes a key. A lock on it stays.
 * - `set-at`: writes it if its revision is still this one; 0 = if it is not there.
 * - `lock`, `unlock`: writes it, and takes or gives back its lock for a session.
 * - `delete`, `delete-at`, `delete-under`: removes it; if its revision is still this one; all that begin with a prefix.
 * - `get`, `get-if-there`, `get-under`: reads a key that has to be there; one that need not; all that begin with a prefix.
 * - `check-at`, `check-session`, `check-absent`: what has to be true, or nothing is done.
 * - `refuse`: fails. For a step that its caller knows to be impossible, so that the others are tried as well and told of.
 */
export type KeyOperation =
  | (Written & { readonly verb: 'set' })
  | (Written & { readonly verb: 'set-at'; readonly revision: number })
  | (Written & { readonly verb: 'lock' | 'unlock'; readonly session: string })
  | { readonly verb: 'delete' | 'get' | 'get-if-there' | 'check-absent'; readonly key: string }
  | { readonly verb: 'delete-at' | 'check-at'; readonly key: string; readonly revision: number }
  | { readonly verb: 'check-session'; readonly key: string; readonly session: string }
  | { readonly verb: 'delete-under' | 'get-under'; readonly prefix: string }
  | { readonly verb: 'refuse'; readonly text: string };

/**
 * Why a step could not be done.
 * - `changed`: the key has another revision than was named; 0 = it is not there.
 * - `held`: another session has the lock. `delayed`: nobody may lock it yet, as its holder may not know that its session has ended.
 * - `not-held`: this session does not have the lock; `session` is who has it.
 * - `no-session`: there is no such session.
 * - `missing`, `present`: the key is not there, or is.
 * - `refused`: its caller knew.
 */
export type KeyFailure =
  | { readonly why: 'changed'; readonly key: string; readonly revision: number; readonly expected: number }
  | { readonly why: 'held'; readonly key: string; readonly session: string }
  | { readonly why: 'delayed'; readonly key: string; readonly leftMs: number }
  | {
      readonly why: 'not-held';
      readonly key: string;
      readonly session: string | undefined;
      readonly expected: string;
    }
  | { readonly why: 'no-session'; readonly key: string; readonly session: string }
  | { readonly why: 'missing' | 'present'; readonly key: string }
  | { readonly why: 'refused'; readonly text: string };

/** What came of a transaction. */
export type KeyOutcome =
  /** For each step, what it wrote or read, as it was then; nothing for what it removed. */
  | { readonly kind: 'done'; readonly results: readonly (readonly KeyEntry[])[] }
  /** Nothing was done. Each step that could not be, with its place. */
  | { readonly kind: 'failed'; readonly failures: readonly (KeyFailure & { readonly at: number })[] };
