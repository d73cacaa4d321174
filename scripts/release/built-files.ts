import { spawnSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

/** A file of a package: where it is, and where it goes. */
export interface PackedFile {
  readonly from: string;
  /** From the package's root, with `/`. */
  readonly to: string;
}

/** What the compiler writes for each source. */
const outputs = ['.js', '.js.map', '.d.ts', '.d.ts.map'];

/** Builds all packages. What has not changed since the last time is not built again. */
export function build(root: string): void {
  compile(root, []);
}

/**
 * The files of a package that was built: its sources without tests, because the source maps lead to them; what was
 * built of them; what beside TypeScript stands among them; and the folders beside `src` that it names.
 */
export function packedFiles(root: string, folder: string, beside: readonly string[] = []): readonly PackedFile[] {
  const home = join(root, folder);
  const sources = filesBelow(home, 'src').filter((path) => !path.endsWith('.test.ts'));
  const built = sources.flatMap(builtOf);
  // Somebody has deleted files that the compiler believes to be there.
  if (built.some(({ from }) => !existsSync(join(home, from)))) compile(root, ['--force']);
  const same = [...sources, ...beside.flatMap((name) => filesBelow(home, name))].map((path) => ({
    from: path,
    to: path,
  }));
  return [...same, ...built].map(({ from, to }) => ({ from: join(home, from), to }));
}

function builtOf(path: string): readonly PackedFile[] {
  const place = path.replace(/^src\//, 'dist/');
  if (!path.endsWith('.ts')) return [{ from: path, to: place }];
  return outputs.map((ending) => place.replace(/\.ts$/, ending)).map((file) => ({ from: file, to: file }));
}

function filesBelow(home: string, folder: string): readonly string[] {
  return globSync(`${folder}/**/*`, { cwd: home })
    .filter((path) => statSync(join(home, path)).isFile())
    .map((path) => path.replaceAll(sep, '/'))
    .sort();
}

function compile(root: string, options: readonly string[]): void {
  const tsc = join(root, 'node_modules/.bin/tsc');
  const result = spawnSync(process.execPath, [tsc, '-b', ...options], { cwd: root, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`The packages cannot be built:\n${result.stdout}${result.stderr}`);
}
