import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The templates: a whole project, or a service for an existing one. */
export type TemplateName = 'project' | 'service';

/** A file of a template, by its path from the folder where it will stand, with `/` between folders. */
export interface TemplateFile {
  readonly path: string;
  readonly text: string;
}

const folder = path.join(import.meta.dirname, '..', 'files');

/** The files of a template, as they stand. Names that npm or git would take for their own begin with `_`. */
export async function templateFiles(name: TemplateName): Promise<readonly TemplateFile[]> {
  const root = path.join(folder, name);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (file) => ({
      path: path
        .relative(root, file)
        .split(path.sep)
        .join('/')
        .replace(/(^|\/)_/, '$1')
        .replace(/^gitignore$/, '.gitignore'),
      text: await readFile(file, 'utf8'),
    })),
  );
}
