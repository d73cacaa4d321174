import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PackedPackage } from '../../scripts/release/pack-packages.ts';
import { readMarkdown } from '../docs/markdown.ts';

/** An example from the README of a package. */
export interface Snippet {
  /** Where it is put in the user's project. */
  readonly file: string;
  readonly text: string;
  /** Whether it goes on until it is told to stop; others end by themselves. */
  readonly serves: boolean;
}

/** The TypeScript examples in the READMEs of the packages. A block marked `ts serves` goes on until it is stopped. */
export function snippetsOf(packages: readonly PackedPackage[]): readonly Snippet[] {
  return packages.flatMap(({ staged }) => {
    const { blocks } = readMarkdown(readFileSync(path.join(staged, 'README.md'), 'utf8'));
    return blocks
      .filter(({ info }) => info.startsWith('ts'))
      .map(({ info, text }, index) => ({
        file: `readme/${path.basename(staged)}-${index + 1}.ts`,
        text,
        serves: info.includes('serves'),
      }));
  });
}
