import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { maxTreeDepth, scanJson } from '@flotilla/contracts/json';

/** What a config file says. */
export interface FileValues {
  /** As written, by the names of settings, which are not checked here. */
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** Reads a JSON object whose keys are setting names: `{ "SERVER_PORT": 8001 }`. Relative to `cwd` unless absolute. */
export function readConfigFile(path: string, cwd: string | undefined): FileValues {
  const values = new Map<string, string>();
  const problems: string[] = [];
  const content = readObject(cwd === undefined ? path : resolve(cwd, path));
  if (typeof content === 'string') return { values, problems: [`CONFIG_FILE: ${path} ${content}`] };
  for (const [name, value] of Object.entries(content)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      values.set(name, String(value));
    else if (value !== null) problems.push(`${name} (file ${path}): must be a string, a number, true or false.`);
  }
  return { values, problems };
}

function readObject(path: string): object | string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return code === 'ENOENT' ? 'does not exist.' : `cannot be read (${code}).`;
  }
  // The byte order mark of UTF-16, which some editors on Windows write.
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  if (mark === 0xfffe || mark === 0xfeff) return 'is UTF-16. Save it as UTF-8.';
  const scan = scanJson(bytes, maxTreeDepth);
  if (scan.kind === 'refused') return describeRefusal(bytes, scan.problem, scan.at);
  const parsed: unknown = JSON.parse(bytes.toString('utf8', scan.start));
  return typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)
    ? 'must contain one JSON object.'
    : parsed;
}

/** Says where the mistake is, and quotes at most one character: the file may hold secrets. */
function describeRefusal(bytes: Buffer, problem: 'not-utf-8' | 'not-json' | 'too-deep', at: number): string {
  if (problem === 'not-utf-8') return 'is not UTF-8 text. Save it as UTF-8.';
  const lines = bytes
    .toString('utf8', 0, at)
    .replace(/^\ufeff/, '')
    .split('\n');
  const place = `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
  if (problem === 'too-deep') return `is nested too deeply at ${place}.`;
  const found = String.fromCharCode(bytes[at] ?? 0);
  if (at >= bytes.length) return `is not valid JSON: it ends too early, at ${place}.`;
  const shown = /[!-~]/.test(found) ? `: unexpected "${found}"` : '';
  const before = bytes.toString('utf8', 0, at).trimEnd();
  const comma = (found === '}' || found === ']') && before.endsWith(',');
  const hint = comma ? ' after a comma' : found === '/' || found === '#' ? '; JSON has no comments' : '';
  return `is not valid JSON at ${place}${shown}${hint}.`;
}
