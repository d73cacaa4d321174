import type { KeyEntry } from '../../keys/key-entry.ts';

/** A key as Consul's clients are shown it. */
export interface KeyShape {
  readonly LockIndex: number;
  readonly Key: string;
  readonly Flags: unknown;
  /** As base64; null if it is empty. */
  readonly Value: string | null;
  readonly Session?: string | undefined;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}

export function keyShape({ key, value, flags, lockIndex, session, createdRevision, revision }: KeyEntry): KeyShape {
  return {
    LockIndex: lockIndex,
    Key: key,
    Flags: numberOf(flags),
    Value: value === '' ? null : value,
    Session: session,
    CreateIndex: createdRevision,
    ModifyIndex: revision,
  };
}

/** What JavaScript's own types do not know yet: a number in digits, written into the JSON as it is. */
interface DigitsJson {
  rawJSON(digits: string): unknown;
}

/** A number of JSON that may be too large for one of JavaScript's to hold exactly. */
function numberOf(digits: string): unknown {
  const number = Number(digits);
  // Every Node that we run on has it.
  return Number.isSafeInteger(number) ? number : (JSON as JSON & DigitsJson).rawJSON(digits);
}
