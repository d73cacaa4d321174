import { nearestName } from './nearest-name.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The prefix of variables for this program alone: `USER_SERVICE__` for `user-service`. */
export function variablePrefix(program: string): string {
  return `${program.toUpperCase().replaceAll('-', '_')}__`;
}

/**
 * Finds mistakes in the names of variables that are meant for this program, which would otherwise be ignored silently. A
 * single underscore is reported only before the exact name of a setting: Docker and Kubernetes set variables such as
 * `USER_SERVICE_PORT` in every container next to a `user-service`.
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
