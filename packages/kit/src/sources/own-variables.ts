import { nearestName } from './nearest-name.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** `USER_SERVICE__` for `user-service`: what a variable for this program alone begins with. */
export function variablePrefix(program: string): string {
  return `${program.toUpperCase().replaceAll('-', '_')}__`;
}

/**
 * What is wrong with the names of variables that were meant for this program: each would be passed over in silence. A
 * single underscore is told only before the exact name of a setting, since Docker and Kubernetes put variables like
 * `USER_SERVICE_PORT` into every container that stands beside a `user-service`.
 */
export function misnamedVariables(program: string, settings: readonly string[], env: Variables): string[] {
  const prefix = variablePrefix(program);
  const single = prefix.slice(0, -1);
  const known = new Set(settings);
  const problems: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '' || known.has(name)) continue;
    const plain = name.toUpperCase().replaceAll('-', '_');
    const setting = plain.startsWith(prefix) ? plain.slice(prefix.length) : undefined;
    if (setting === undefined) {
      const meant = plain.startsWith(single) ? plain.slice(single.length) : '';
      if (known.has(meant)) problems.push(`${name}: has no effect. Write ${prefix}${meant}, with two underscores.`);
    } else if (!known.has(setting)) {
      const near = nearestName(setting, settings);
      problems.push(`${name}: no such setting.${near === undefined ? '' : ` Did you mean ${prefix}${near}?`}`);
    } else if (name !== `${prefix}${setting}`) {
      problems.push(`${name}: has no effect. Write ${prefix}${setting}.`);
    }
  }
  return problems;
}
