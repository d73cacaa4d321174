import { link, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A file to write. Its path is relative to the project's folder, with `/` between folders. */
export interface FileChange {
  readonly path: string;
  readonly text: string;
  /** The content of the file when the change was planned; undefined: the file must not exist. */
  readonly before?: string | undefined;
}

/** Why changes cannot be written. Nothing has been written. */
export class ChangesRefused extends Error {
  override readonly name = 'ChangesRefused';
}

/**
 * Writes all the changes or none: what is in the way is found before the first file is touched, and when a disk fails
 * in the middle, what was written is taken back.
 *
 * @param root the project's folder; made when there is none
 * @throws {ChangesRefused} when a file is there that should not be, or has changed in between
 */
export async function writeChanges(root: string, changes: readonly FileChange[]): Promise<void> {
  const inTheWay = await conflicts(root, changes);
  if (inTheWay.length > 0) throw new ChangesRefused(inTheWay.join('\n'));
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const change of changes) await writeOne(path.join(root, change.path), change, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => undefined);
    throw error;
  }
}

async function conflicts(root: string, changes: readonly FileChange[]): Promise<string[]> {
  const problems: string[] = [];
  for (const change of changes) {
    const now = await textOf(path.join(root, change.path));
    if (now === change.before) continue;
    problems.push(
      change.before === undefined
        ? `${change.path} already exists. Remove or rename it, or choose another name.`
        : `${change.path} was changed in the meantime. Try again.`,
    );
  }
  return problems;
}

async function writeOne(file: string, change: FileChange, undo: (() => Promise<void>)[]): Promise<void> {
  const made = await mkdir(path.dirname(file), { recursive: true });
  if (made !== undefined) undo.push(() => removeEmpty(path.dirname(file), made));
  // Beside it, so that it is on the same disk and takes the file's place in one step.
  const beside = `${file}.${process.pid}.new`;
  undo.push(() => rm(beside, { force: true }));
  await writeFile(beside, change.text, { flag: 'wx' });
  if (change.before === undefined) {
    // Unlike a rename, this fails when somebody else has made the file by now.
    await link(beside, file);
    undo.push(() => rm(file, { force: true }));
    await rm(beside);
  } else {
    const { before } = change;
    await rename(beside, file);
    undo.push(() => writeFile(file, before));
  }
}

/** Removes a folder and those above it that are left empty, up to the topmost that was made. */
async function removeEmpty(folder: string, topmost: string): Promise<void> {
  for (let at = folder; at.startsWith(topmost); at = path.dirname(at)) await rmdir(at);
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}
