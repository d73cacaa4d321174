import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Draft, WishRefused } from './draft.ts';
import { insertInto } from './insert-into.ts';
import { readResourceName } from './resource-name.ts';

/** The migration to add. */
export interface NewMigrationWish {
  readonly root: string;
  /** What it does: `add-author`. */
  readonly name: string;
  /** The folder of the service, from the project's: `services/book`. Default the only one with migrations. */
  readonly service?: string | undefined;
}

/** A list of migrations, as found in a service. */
interface History {
  /** The folder of the migrations, from the project's, with `/`. */
  readonly folder: string;
  readonly listFile: string;
  readonly listText: string;
  /** The list's name in the code. */
  readonly list: string;
  readonly files: readonly string[];
}

/**
 * Drafts a migration at the end of a service's history: the file, and its place in the list.
 *
 * @throws {WishRefused}
 */
export async function draftMigration({ root, name, service }: NewMigrationWish): Promise<Draft> {
  const reading = readResourceName(name);
  if (!reading.ok) throw new WishRefused(reading.problem);
  const history = await oneHistory(root, service);
  const { kebab, camel } = reading.name;
  const numbers = history.files.map((file) => Number(/^(\d{4})-/.exec(file)?.[1] ?? 0));
  const id = `${String(Math.max(0, ...numbers) + 1).padStart(4, '0')}-${kebab}`;
  const same = history.files.find((file) => file.replace(/^\d{4}-/, '') === `${kebab}.ts`);
  if (same !== undefined) throw new WishRefused(`${history.folder}/${same} already does that. Choose another name.`);
  const step = [
    "import type { Migration } from '@flotilla/kit/database';",
    '',
    `export const ${camel}: Migration = {`,
    `  id: '${id}',`,
    '  // The change, in SQL. An empty migration is skipped; a released one must never change.',
    "  sql: () => '',",
    '  // What takes it back. Without it, it cannot be taken back.',
    "  down: () => '',",
    '  // Set it to true if the release before this one works with the changed tables: it can then be put back.',
    '  backwardCompatible: false,',
    '};',
    '',
  ].join('\n');
  const changes = [{ path: `${history.folder}/${id}.ts`, text: step }];
  const listPath = `${history.folder}/${history.listFile}`;
  const withImport = addImport(history.listText, `import { ${camel} } from './${id}.ts';`);
  const text = insertInto(withImport, { property: history.list, entry: camel });
  if (text === undefined) {
    return { changes, byHand: [{ file: listPath, property: history.list, entry: camel }] };
  }
  return { changes: [...changes, { path: listPath, text, before: history.listText }], byHand: [] };
}

async function oneHistory(root: string, service: string | undefined): Promise<History> {
  const found = await historiesBelow(root);
  const named = found.filter(({ folder }) => service === undefined || isOf(folder, service));
  const list = found.map(({ folder }) => path.posix.dirname(folder)).join(', ');
  const [history] = named;
  if (history === undefined) {
    const hint =
      list === '' ? 'No service here has a "migrations" folder with a list of migrations.' : `Choose one of: ${list}.`;
    throw new WishRefused(service === undefined ? hint : `No service "${service}" has migrations. ${hint}`);
  }
  if (named.length > 1)
    throw new WishRefused(`Name the service of the migration: --service <folder>. Choose one of: ${list}.`);
  return history;
}

/** Whether a service's folder is meant by a name or a path: `book`, `book-service`, `services/book`. */
function isOf(folder: string, service: string): boolean {
  const wanted = service.replace(/\/+$/, '').replace(/^\.\//, '');
  const own = folder.replace(/\/(?:src\/)?migrations$/, '');
  const last = path.posix.basename(own);
  return own === wanted || last === wanted || last.replace(/-service$/, '') === wanted.replace(/-service$/, '');
}

async function historiesBelow(root: string): Promise<readonly History[]> {
  const histories: History[] = [];
  const visit = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isDirectory() || ['node_modules', 'dist', 'data'].includes(entry.name) || entry.name.startsWith('.'))
        continue;
      const below = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name === 'migrations') {
        const history = await readHistory(root, below);
        if (history !== undefined) histories.push(history);
      } else if (depth > 0) await visit(below, depth - 1);
    }
  };
  await visit('', deepest);
  return histories;
}

/** How deep services stand below the project's folder at most: `apps/book-service/src/migrations`. */
const deepest = 4;

/** `const list: readonly Migration[] = …` or `ReadonlyArray<Migration>`. */
const typedList = /\bconst (\w+)\s*:[^=]*\bMigration(?:\[\]|>)\s*=/;
/** `const list = […] satisfies readonly Migration[]`. */
const checkedList = /\bconst (\w+)\s*=\s*\[[^\]]*\]\s*satisfies\b[^;=]*\bMigration(?:\[\]|>)/;

async function readHistory(root: string, folder: string): Promise<History | undefined> {
  const files = await readdir(path.join(root, folder));
  for (const listFile of files.filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !/^\d/.test(file),
  )) {
    const listText = await readFile(path.join(root, folder, listFile), 'utf8');
    const list = (typedList.exec(listText) ?? checkedList.exec(listText))?.[1];
    if (list !== undefined) return { folder, listFile, listText, list, files };
  }
  return undefined;
}

/** After the last import, where they stand in the order of their files. */
function addImport(text: string, line: string): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const last = [...text.matchAll(/^import [^;]*;$/gm)].at(-1);
  if (last === undefined) return `${line}${lineEnd}${text}`;
  const end = last.index + last[0].length;
  return `${text.slice(0, end)}${lineEnd}${line}${text.slice(end)}`;
}
