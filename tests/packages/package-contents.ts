import { globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const specifier = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"$]*)['"]/g;

/** What is wrong with the files of a package that was put together in `folder`, as lines; empty when nothing is. */
export function contentProblems(folder: string, repository: string): readonly string[] {
  const files = globSync('**/*', { cwd: folder }).filter((file) => statSync(path.join(folder, file)).isFile());
  const problems: string[] = [];
  for (const wanted of ['README.md', 'LICENSE', 'package.json'])
    if (!files.includes(wanted)) problems.push(`has no ${wanted}`);
  for (const file of files) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    if (/^(?:dist|src)\b.*\.test\.[a-z.]+$/.test(file)) problems.push(`${file} is a test`);
    if (text.includes(repository)) problems.push(`${file} names a folder of this machine`);
    if (file.startsWith('dist') && file.endsWith('.map')) problems.push(...lostSources(folder, file, text));
    if (/^(?:bin|dist)\b.*\.(?:js|d\.ts)$/.test(file)) problems.push(...lostImports(folder, file, text));
  }
  return problems;
}

function lostSources(folder: string, file: string, text: string): readonly string[] {
  // Written by the compiler.
  const { sources } = JSON.parse(text) as { readonly sources: readonly string[] };
  return sources
    .filter((source) => !isFile(path.join(folder, path.dirname(file), source)))
    .map((source) => `${file} leads to ${source}, which is not there`);
}

function lostImports(folder: string, file: string, text: string): readonly string[] {
  const problems: string[] = [];
  // What comments show are examples.
  for (const [, target = ''] of text.replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, '').matchAll(specifier)) {
    const place = path.join(folder, path.dirname(file), target);
    const wanted = file.endsWith('.d.ts') ? place.replace(/\.js$/, '.d.ts') : place;
    if (!target.endsWith('.js') || !isFile(wanted)) problems.push(`${file} imports ${target}, which is not there`);
  }
  return problems;
}

function isFile(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isFile() === true;
}
