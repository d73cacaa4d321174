/**
 * The rules of the repository's shape that no other tool checks. Prints one line per violation and exits 1 if there is
 * any. Usage: `node scripts/check-structure.ts [root]`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { publishingProblems, workspacesOf } from './release/public-packages.ts';
import { importCircles } from './rules/import-circles.ts';
import { type Import, importsOf } from './rules/imports.ts';
import { layerTable, upwardImports } from './rules/layers.ts';
import { mayDependOn, packageRule, packageTable } from './rules/package-table.ts';

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'));
const problems = [...checkWorkspaces(), ...checkPublishing(), ...checkLayers(), ...checkFiles()];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);

/** The parts of a package.json that are looked at. */
interface Manifest {
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function* checkWorkspaces(): Generator<string> {
  for (const folder of ['packages', 'apps'].flatMap((group) => foldersIn(group))) {
    const path = join(root, folder, 'package.json');
    if (!existsSync(path)) continue;
    // The file is ours; a wrong shape shows itself as a violation.
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    yield* checkDependencies(folder, manifest);
    yield* checkExports(folder, manifest);
  }
}

function* checkDependencies(folder: string, manifest: Manifest): Generator<string> {
  const rule = packageRule(folder);
  if (rule === undefined) {
    yield `${folder}: has no row in scripts/rules/package-table.ts`;
    return;
  }
  const runtime = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  for (const name of Object.keys(runtime)) {
    if (!mayDependOn(rule, name))
      yield `${folder}/package.json: may not depend on ${name} (scripts/rules/package-table.ts)`;
  }
  for (const [name, version] of Object.entries({ ...runtime, ...manifest.devDependencies })) {
    if (!/^\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?$/.test(version))
      yield `${folder}/package.json: pin ${name} to one version, not ${version}`;
  }
}

/** Apps export nothing, so nothing can import them; packages export sources, so `dist` never stands in for them. */
function* checkExports(folder: string, { exports }: Manifest): Generator<string> {
  if (exports === undefined) yield `${folder}/package.json: has no "exports", so every file can be imported`;
  for (const [name, target] of Object.entries(exports ?? {})) {
    // What it is called, and where its program is, anybody may read.
    if (target === './package.json') continue;
    if (folder.startsWith('apps/'))
      yield `${folder}/package.json: an app must not export anything, but this exports ${name}`;
    else if (!target.startsWith('./src/')) yield `${folder}/package.json: ${name} must be exported from ./src`;
  }
}

function checkPublishing(): readonly string[] {
  const workspaces = workspacesOf(root);
  return workspaces.flatMap((one) => publishingProblems(root, one, workspaces));
}

function* checkLayers(): Generator<string> {
  const layered = new Set([
    ...Object.keys(layerTable),
    // A service without a row of its own is laid out as its authors like.
    ...['packages', 'apps']
      .flatMap(foldersIn)
      .filter((folder) => folder.startsWith('packages/') || packageTable[folder] !== undefined)
      .map((folder) => `${folder}/src`),
  ]);
  for (const path of [...layered].flatMap(foldersIn)) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (layerTable[folder]?.includes(basename(path)) !== true)
      yield `${path}: is not listed in scripts/rules/layers.ts`;
  }
}

function* checkFiles(): Generator<string> {
  const imports = new Map<string, readonly Import[]>();
  for (const path of ['packages', 'apps', 'tests', 'bench', 'scripts'].flatMap((folder) => filesBelow(folder))) {
    const vague = /(?:^|[/-])(utils?|helpers?|common|managers?)(?=[/.])/.exec(path)?.[1];
    // OpenTelemetry names its files as it does.
    if (vague !== undefined && !path.includes('/opentelemetry/'))
      yield `${path}: "${vague}" says nothing; use a specific name`;
    if (!/\.tsx?$/.test(path)) continue;
    const text = readFileSync(join(root, path), 'utf8');
    const own = importsOf(path, text);
    imports.set(path, own);
    yield* checkSource(path, text);
    if (!/\.test\.tsx?$/.test(path)) yield* upwardImports(path, own);
  }
  for (const circle of importCircles(imports)) yield `${circle.join(', ')}: import each other in a cycle`;
}

function* checkSource(path: string, text: string): Generator<string> {
  const isModule = /^(?:packages|apps)\//.test(path) && !/\.test\.tsx?$/.test(path);
  for (const [index, line] of text.split('\n').entries()) {
    const place = `${path}:${index + 1}`;
    // The formatter puts what stands at module level, and only that, in the first column.
    if (isModule && /^(?:export )?(?:let|var) /.test(line)) yield `${place}: module-level state; give it an owner`;
    if (line.startsWith('export *')) yield `${place}: name what is exported`;
  }
}

function foldersIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && isOurs(entry.name)).map((entry) => `${folder}/${entry.name}`);
}

function filesBelow(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .filter((file) => file.split('/').every(isOurs));
}

/** Not generated, installed or written by a running program. */
function isOurs(name: string): boolean {
  return !['node_modules', 'dist', 'data', 'coverage'].includes(name) && !name.startsWith('.');
}
