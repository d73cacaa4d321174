/** A finding of `flotilla doctor`. */
export interface Finding {
  /** What was checked, in a word or two. */
  readonly check: string;
  /** `note`: it is worth knowing; `problem`: something will not work. */
  readonly result: 'ok' | 'note' | 'problem';
  /** What was found and, if it is wrong, what to do. */
  readonly text: string;
}
