import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { checkExpectations } from './check-expectations.ts';
import type { Expectations } from './expectations.ts';

/**
 * Reads a file of expectations.
 *
 * @param file its path, or `new URL('expectations/cart.json', import.meta.url)`
 * @throws TypeError that names the file and everything that is wrong with it
 */
export async function readExpectations(file: string | URL): Promise<Expectations> {
  const name = typeof file === 'string' ? file : fileURLToPath(file);
  const value = parse(name, await readFile(name, 'utf8'));
  const problems = checkExpectations(value);
  if (problems.length > 0) throw new TypeError(`${name} has no valid expectations:\n  ${problems.join('\n  ')}`);
  return value as Expectations; // Checked.
}

/**
 * Reads all files of a folder that end in `.json`: what all consumers of a provider expect.
 *
 * @throws TypeError if there are none, or as {@link readExpectations} does
 */
export async function readAllExpectations(folder: string | URL): Promise<readonly Expectations[]> {
  const name = typeof folder === 'string' ? folder : fileURLToPath(folder);
  const files = (await readdir(name)).filter((file) => file.endsWith('.json')).sort();
  if (files.length === 0) throw new TypeError(`${name} has no .json file; nothing would be verified`);
  return Promise.all(files.map((file) => readExpectations(`${name.replace(/\/$/, '')}/${file}`)));
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TypeError(`${name} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
