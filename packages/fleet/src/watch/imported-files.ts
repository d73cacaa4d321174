import { readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Everything that may stand for an import. What only looks like one costs nothing: no such file is found. */
const specifier = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g;
const modules = /\.(?:[cm]?[jt]s|[jt]sx)$/;
/** What may be left out of a name, for programs that are built before they run. */
const endings = ['', '.ts', '.js', '.mts', '.mjs', '.cjs', '.tsx', '/index.ts', '/index.js'];

interface ReadModule {
  readonly mtimeMs: number;
  readonly imports: readonly string[];
}

/**
 * Finds the project's own files that a program is made of: what its first file imports, and what that imports, also from
 * other packages of the project. It reads the sources, so it need not run them. Files that have not changed are read once.
 */
export class ImportedFiles {
  readonly #root: string;
  readonly #read = new Map<string, ReadModule>();

  /** `root`: the project's folder; files outside, and those in `node_modules`, are none of its own. */
  constructor(root: string) {
    this.#root = realpathSync(root);
  }

  /** All files that begin with these, which are among them. Also those that are missing: when they come, that is a change. */
  of(entries: readonly string[]): ReadonlySet<string> {
    const found = new Set<string>();
    const left = [...entries];
    for (let file = left.pop(); file !== undefined; file = left.pop()) {
      const real = realFile(file);
      const known = real ?? file;
      if (found.has(known) || !this.#isOwn(known)) continue;
      found.add(known);
      if (real !== undefined) left.push(...this.#importsOf(real));
    }
    return found;
  }

  #isOwn(file: string): boolean {
    const inside = path.relative(this.#root, file);
    return !inside.startsWith('..') && !path.isAbsolute(inside) && !inside.split(path.sep).includes('node_modules');
  }

  #importsOf(file: string): readonly string[] {
    if (!modules.test(file)) return [];
    const mtimeMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const known = this.#read.get(file);
    if (known?.mtimeMs === mtimeMs) return known.imports;
    const imports = readImports(file);
    this.#read.set(file, { mtimeMs, imports });
    return imports;
  }
}

function readImports(file: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Gone again: nothing is known of it.
    return [];
  }
  const require = createRequire(file);
  return [...text.matchAll(specifier)].flatMap(([, , name = '']) => resolve(name, file, require) ?? []);
}

function resolve(name: string, from: string, require: NodeJS.Require): string | undefined {
  if (name.startsWith('node:')) return undefined;
  if (name.startsWith('.') || path.isAbsolute(name)) {
    const base = path.resolve(path.dirname(from), name);
    const file = endings.map((ending) => `${base}${ending}`).find((each) => realFile(each) !== undefined);
    return file ?? (modules.test(base) ? base : undefined);
  }
  try {
    return require.resolve(name);
  } catch {
    // Not installed, or only for other ways to import: then its changes are not seen.
    return undefined;
  }
}

function realFile(file: string): string | undefined {
  try {
    const real = realpathSync(file);
    return statSync(real).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}
