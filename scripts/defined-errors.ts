import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { coreErrors, coreFieldErrors, type ErrorKind, type FieldKind, isErrorKind } from '@flotilla/contracts';

/** The errors of one owner. */
export interface OwnedErrors {
  /** `flotilla` for those of every program, else the name of a service. */
  readonly owner: string;
  readonly errors: readonly ErrorKind[];
  readonly fields: readonly FieldKind[];
}

/**
 * All errors there are: the core's first, then those of each package that exports some as `./errors`, in the order of
 * the packages' names.
 */
export async function definedErrors(root: string): Promise<readonly OwnedErrors[]> {
  const kinds: (ErrorKind | FieldKind)[] = [...Object.values(coreErrors), ...Object.values(coreFieldErrors)];
  for (const name of readdirSync(join(root, 'packages')).toSorted()) {
    const folder = join(root, 'packages', name);
    const file = existsSync(join(folder, 'package.json')) ? errorsFileOf(folder) : undefined;
    if (file === undefined) continue;
    const exported: unknown = await import(pathToFileURL(join(folder, file)).href);
    kinds.push(...membersOf(exported).flatMap(membersOf).filter(isKind));
  }
  return [...Map.groupBy(kinds, ({ owner }) => owner ?? '')].map(([owner, owned]) => ({
    owner,
    errors: owned.filter(isErrorKind),
    fields: owned.filter((kind): kind is FieldKind => !isErrorKind(kind)),
  }));
}

function errorsFileOf(folder: string): string | undefined {
  // The file is ours; what has another shape has no such export.
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly exports?: Readonly<Record<string, string>>;
  };
  return exports?.['./errors'];
}

function membersOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function isKind(value: unknown): value is ErrorKind | FieldKind {
  return typeof value === 'object' && value !== null && 'owner' in value && 'code' in value && 'places' in value;
}
