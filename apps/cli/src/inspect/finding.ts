/** What a check of `flotilla doctor` has found. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  /** `note`: it is worth knowing; `problem`: something will not work. */
  readonly result: 'ok' | 'note' | 'problem';
  /** What was found, and, where it is not well, what to do. */
  readonly text: string;
}
