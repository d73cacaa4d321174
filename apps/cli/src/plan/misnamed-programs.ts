import { settingPrefix } from './program-settings.ts';
import type { Program } from './programs.ts';

/** Variables like `USER_SERVIC__LOG_LEVEL`, which look as if they were meant for a program, and reach none. */
export function misnamedPrograms(
  programs: readonly Program[],
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const prefixes = programs.map((program) => settingPrefix(program.name));
  const problems: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    const [given = '', setting] = /^([A-Z0-9-]+(?:_[A-Z0-9-]+)*__)([A-Z_]+)$/i.exec(name)?.slice(1) ?? [];
    if (setting === undefined || value === undefined || value === '') continue;
    const plain = given.toUpperCase().replaceAll('-', '_');
    // The programs look after their own names in other spellings.
    if (prefixes.includes(plain)) continue;
    const near = prefixes.find((prefix) => isOneSlip(plain, prefix));
    if (near !== undefined) problems.push(`${name}: no program has this name. Did you mean ${near}${setting}?`);
  }
  return problems;
}

/** One letter left out, put in, or wrong, or two that have changed places: more may be another program's name. */
function isOneSlip(given: string, meant: string): boolean {
  if (Math.abs(given.length - meant.length) > 1) return false;
  let start = 0;
  while (start < given.length && given[start] === meant[start]) start += 1;
  const rest = (text: string, from: number): string => text.slice(start + from);
  if (rest(given, 1) === rest(meant, 1) || rest(given, 1) === rest(meant, 0) || rest(given, 0) === rest(meant, 1)) {
    return true;
  }
  return given[start] === meant[start + 1] && given[start + 1] === meant[start] && rest(given, 2) === rest(meant, 2);
}
