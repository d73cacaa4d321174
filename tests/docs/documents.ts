import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, readMarkdown } from './markdown.ts';

/** The folder of the repository. */
export const repository: string = join(import.meta.dirname, '..', '..');

/** The text of a file of the repository. */
export function readText(path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}

/** A document of the repository, taken apart. */
export function readDocument(path: string): Document {
  return readMarkdown(readText(path));
}

/** Every Markdown document that people read, by path. */
export function documentPaths(): string[] {
  const found = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], {
    cwd: repository,
    exclude: ['docs/node_modules/**'],
  });
  // Templates of the site's pages have no text of their own.
  return found
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('['))
    .sort();
}
