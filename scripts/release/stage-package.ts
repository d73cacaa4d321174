import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packedFiles } from './built-files.ts';
import { commandsOf, type PublicPackage } from './manifest.ts';
import { programEntry } from './program-entry.ts';
import { built, entryOf, type PublishOptions, publishedManifest } from './published-manifest.ts';

/** Where one package is put together. */
export interface StagingPlace {
  /** The repository. */
  readonly root: string;
  /** Emptied first. */
  readonly into: string;
}

/** Puts a package together as it will be installed. It has been built. */
export function stagePackage(one: PublicPackage, { root, into }: StagingPlace, options: PublishOptions): void {
  rmSync(into, { recursive: true, force: true });
  for (const { from, to } of packedFiles(root, one.folder, one.manifest.files)) {
    const target = join(into, to);
    mkdirSync(dirname(target), { recursive: true });
    if (to.startsWith('dist/') && to.endsWith('.d.ts')) writeFileSync(target, declarations(readFileSync(from, 'utf8')));
    else copyFileSync(from, target);
  }
  for (const [command, source] of Object.entries(commandsOf(one.manifest) ?? {})) {
    const entry = join(into, entryOf(command));
    const node = options.node.replace('>=', '');
    mkdirSync(dirname(entry), { recursive: true });
    writeFileSync(entry, programEntry({ command, main: `../${built(source, '.js').slice(2)}`, node }), { mode: 0o755 });
  }
  copyFileSync(join(root, one.folder, 'README.md'), join(into, 'README.md'));
  copyFileSync(join(root, 'LICENSE'), join(into, 'LICENSE'));
  const manifest = publishedManifest(one, options);
  writeFileSync(join(into, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Declarations whose imports end in `.js`. The compiler leaves `.ts` there (microsoft/TypeScript 61037), which not every
 * editor follows. Both endings are of one length, so the declaration maps stay right.
 */
function declarations(text: string): string {
  return text.replaceAll(/((?:from|import\()\s*)(['"])(\.\.?\/[^'"\n]*)\.ts\2/g, '$1$2$3.js$2');
}
