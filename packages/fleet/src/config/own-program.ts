import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * The file of one of our programs: what the `bin` of its package names. Looked for in the packages of the modules named, in
 * their order: a project need not depend on a program itself, as long as `@flotilla/cli` does.
 */
export function findOwnProgram(packageName: string, modules: readonly string[]): string | undefined {
  for (const module of modules) {
    const manifest = manifestOf(packageName, module);
    if (manifest === undefined) continue;
    // It is ours.
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly bin?: Readonly<Record<string, string>> };
    const [file] = Object.values(bin ?? {});
    if (file !== undefined) return path.resolve(path.dirname(manifest), file);
  }
  return undefined;
}

function manifestOf(packageName: string, module: string): string | undefined {
  try {
    return createRequire(module).resolve(`${packageName}/package.json`);
  } catch {
    // Not installed there.
    return undefined;
  }
}
