import { nearestName, variablePrefix } from '@flotilla/kit/sources';
import type { Program } from '../config/fleet.ts';

/** Variables like `USER_SERVIC__LOG_LEVEL`, which look as if they were meant for a program, and reach none. */
export function misnamedPrograms(
  programs: readonly Program[],
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const prefixes = programs.map((program) => variablePrefix(program.name));
  const problems: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    const [given = '', setting] = /^([A-Z0-9-]+(?:_[A-Z0-9-]+)*__)([A-Z_]+)$/i.exec(name)?.slice(1) ?? [];
    if (setting === undefined || value === undefined || value === '') continue;
    const plain = given.toUpperCase().replaceAll('-', '_');
    // The programs look after their own names in other spellings.
    if (prefixes.includes(plain)) continue;
    // One slip: more may be another program's name.
    const near = nearestName(plain, prefixes, 1);
    if (near !== undefined) problems.push(`${name}: no program has this name. Did you mean ${near}${setting}?`);
  }
  return problems;
}
