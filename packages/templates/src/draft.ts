import type { FileChange } from './changes.ts';

/** What is to be written for a wish, and what is left to a person. Nothing is written yet: see `writeChanges`. */
export interface Draft {
  readonly changes: readonly FileChange[];
  /** Entries that could not be added, since their file is written in a way that only a person should change. */
  readonly byHand: readonly HandEdit[];
}

/** An entry that a person has to add. */
export interface HandEdit {
  readonly file: string;
  /** The property into whose braces or brackets it goes. */
  readonly property: string;
  readonly entry: string;
}

/** Why a wish can't be met, in words for the person who has it. */
export class WishRefused extends Error {
  override readonly name = 'WishRefused';
}
