import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { nearestName } from './nearest-name.ts';
import type { Settings } from './setting.ts';

/** What a config file says. */
export interface FileValues {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** Reads a JSON object whose keys are setting names: `{ "SERVER_PORT": 8001 }`. */
export function readConfigFile(path: string, cwd: string | undefined, settings: Settings): FileValues {
  const values = new Map<string, string>();
  const problems: string[] = [];
  const content = readJson(cwd === undefined ? path : resolve(cwd, path));
  if (typeof content === 'string') return { values, problems: [`CONFIG_FILE: ${path} ${content}`] };
  for (const [name, value] of Object.entries(content)) {
    if (!Object.hasOwn(settings, name)) {
      const near = nearestName(name, Object.keys(settings));
      problems.push(`${name} (file ${path}): no such setting.${near === undefined ? '' : ` Did you mean ${near}?`}`);
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      if (value !== '') values.set(name, String(value));
    } else if (value !== null) {
      problems.push(`${name} (file ${path}): must be a text, a number, true or false.`);
    }
  }
  return { values, problems };
}

function readJson(path: string): Record<string, unknown> | string {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return code === 'ENOENT' ? 'does not exist.' : `cannot be read (${code}).`;
  }
  try {
    const parsed: unknown = JSON.parse(content);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'must hold one JSON object.';
    return Object.fromEntries(Object.entries(parsed));
  } catch {
    return 'is not valid JSON.';
  }
}
