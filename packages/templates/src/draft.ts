import type { FileChange } from './changes.ts';

/** The changes for a request, and the entries left for the user. Nothing is written yet: see `writeChanges`. */
export interface Draft {
  readonly changes: readonly FileChange[];
  /** Entries that could not be added automatically, because of the form of their file. */
  readonly byHand: readonly HandEdit[];
}

/** An entry that the user has to add. */
export interface HandEdit {
  readonly file: string;
  /** The property into whose braces or brackets it goes. */
  readonly property: string;
  readonly entry: string;
}

/** Why a request cannot be carried out, in words for people. */
export class WishRefused extends Error {
  override readonly name = 'WishRefused';
}
