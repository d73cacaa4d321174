import type { PlainFields } from './line-shape.ts';

/** The name of a field of ours in a profile, and how its value is written there. */
export interface Renaming {
  readonly name: string;
  /** Default: the value stays. */
  readonly write?: (value: unknown) => unknown;
  readonly read?: (value: unknown) => unknown;
}

/** The fields that a profile has names of its own for. */
export interface Renamings {
  /** On any line. */
  readonly always: ReadonlyMap<string, Renaming>;
  /** On the line of an HTTP request, whose message is `request`: elsewhere `method` or `status` may mean anything. */
  readonly ofRequest: ReadonlyMap<string, Renaming>;
}

/** The message of the line that a program writes for each HTTP request. */
const requestMessage = 'request';

/** Renames a field for a profile; undefined if the profile has no name for it. */
export function renamingOf(renamings: Renamings, field: string, message: unknown): Renaming | undefined {
  return renamings.always.get(field) ?? (message === requestMessage ? renamings.ofRequest.get(field) : undefined);
}

/** The fields of a profile under our own names again. Others keep theirs. */
export function renamedBack(renamings: Renamings, fields: PlainFields, message: unknown): Record<string, unknown> {
  const tables = message === requestMessage ? [renamings.always, renamings.ofRequest] : [renamings.always];
  const ours = new Map(
    tables.flatMap((table) => [...table].map(([field, { name, read }]) => [name, { field, read }] as const)),
  );
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const known = ours.get(name);
      return known === undefined ? [name, value] : [known.field, known.read === undefined ? value : known.read(value)];
    }),
  );
}
