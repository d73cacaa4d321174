import { readFileSync } from 'node:fs';
import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { columnsOf } from '../output/short-values.ts';
import { type Answer, answer, Failed } from '../running/answer.ts';
import { keyTable } from './key-table.ts';
import { RegistryCalls } from './registry-calls.ts';
import { keyIn, keysIn, pathOfKey, shortValue } from './stored-key.ts';
import { watchKeys } from './watch-keys.ts';

const verbs = ['get', 'put', 'list', 'delete', 'watch'] as const;

/** `flotilla kv`. */
export async function kvCommand(given: Given, cli: Cli): Promise<number> {
  const [verb = '', ...words] = given.words;
  switch (verb) {
    case 'get':
      return run(given, cli, (calls) => getKey(calls, one(words, 'get <key>')));
    case 'put': {
      const [key = '', value] = between(words, 1, 2, 'put <key> <value>');
      const bytes = valueOf(given, value);
      return run(given, cli, (calls) => putKey(calls, given, key, bytes));
    }
    case 'list': {
      const [prefix = ''] = between(words, 0, 1, 'list [prefix]');
      return run(given, cli, (calls) => listKeys(calls, given, cli, prefix));
    }
    case 'delete':
      return run(given, cli, (calls) => deleteKey(calls, given, one(words, 'delete <key>')));
    case 'watch': {
      const [prefix = ''] = between(words, 0, 1, 'watch [prefix]');
      return watchKeys(await RegistryCalls.of(given, cli), given, cli, prefix);
    }
    default:
      throw new Mistake(`Unknown command "kv ${verb}". Choose one of: ${verbs.join(', ')}.`);
  }
}

async function run(given: Given, cli: Cli, find: (calls: RegistryCalls) => Promise<Answer>): Promise<number> {
  const calls = await RegistryCalls.of(given, cli);
  return answer(given, cli, () => find(calls));
}

async function getKey(calls: RegistryCalls, key: string): Promise<Answer> {
  const found = keyIn(await calls.call({ path: pathOfKey(key), expects: [] }).catch(withHint(key)));
  if (found === undefined) throw new Failed(`The answer about ${key} is not a key.`);
  if (found.value === undefined)
    return { json: found, text: [`${shortValue(found, 80)}; use --json, which shows it as base64`], exitCode: 1 };
  return { json: found, text: [found.value.replace(/\n$/, '')] };
}

/** Says where to look if the key is not there. */
function withHint(key: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Failed) || error.code !== 'KEY_NOT_FOUND') throw error;
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    throw new Failed(`There is no key ${key}. To see what there is: flotilla kv list ${folder}`.trimEnd(), error.code);
  };
}

async function putKey(
  calls: RegistryCalls,
  given: Given,
  key: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<Answer> {
  const written = keyIn(await calls.call({ method: 'PUT', path: `${pathOfKey(key)}${condition(given)}`, body }));
  return { json: written, text: [`Wrote ${key} (revision ${written?.revision ?? 'unknown'}).`] };
}

async function listKeys(calls: RegistryCalls, given: Given, cli: Cli, prefix: string): Promise<Answer> {
  const query = new URLSearchParams(prefix === '' ? {} : { prefix });
  const keys = keysIn(await calls.call({ path: `kv?${query.toString()}` }));
  const none = prefix === '' ? 'There are no keys' : `No key begins with ${prefix}`;
  if (keys.length === 0) return { json: [], text: [`${none} at ${calls.url.origin}.`] };
  if (given.has('--keys')) return { json: keys.map(({ key }) => key), text: keys.map(({ key }) => key) };
  return { json: keys, text: keyTable(keys, columnsOf(cli.stdout)) };
}

async function deleteKey(calls: RegistryCalls, given: Given, key: string): Promise<Answer> {
  if (!given.has('--prefix')) {
    await calls.call({ method: 'DELETE', path: `${pathOfKey(key)}${condition(given)}` }).catch(withHint(key));
    return { json: { deleted: [key] }, text: [`Deleted ${key}.`] };
  }
  const query = new URLSearchParams({ prefix: key }).toString();
  const keys = await calls.call({ path: `kv?${query}&keys=true` });
  const deleted = Array.isArray(keys) ? keys : [];
  if (deleted.length === 0) return { json: { deleted }, text: [`No key begins with ${key}.`] };
  await calls.call({ method: 'DELETE', path: `kv?${query}` });
  return { json: { deleted }, text: [`Deleted ${deleted.length} ${deleted.length === 1 ? 'key' : 'keys'}.`] };
}

function condition(given: Given): string {
  const revision = given.value('--if-revision');
  if (revision === undefined) return '';
  if (/^\d{1,16}$/.test(revision)) return `?if_revision=${revision}`;
  throw new Mistake(
    `--if-revision ${revision}: not a revision. "flotilla kv get <key> --json" shows it; 0: if it is not there`,
  );
}

/** The value to write: the word, or the bytes of a file. */
function valueOf(given: Given, word: string | undefined): string | Uint8Array<ArrayBuffer> {
  const file = given.value('--file');
  if ((word === undefined) === (file === undefined))
    throw new Mistake(
      'Give one value, for example: flotilla kv put app/colour blue; or its file: --file colour.txt, or --file -',
    );
  if (word !== undefined) return word;
  try {
    return new Uint8Array(readFileSync(file === '-' ? 0 : (file ?? '')));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Mistake(`--file ${file}: cannot be read (${code}).`);
  }
}

function one(words: readonly string[], usage: string): string {
  return between(words, 1, 1, usage)[0] ?? '';
}

function between(words: readonly string[], atLeast: number, atMost: number, usage: string): readonly string[] {
  if (words.length >= atLeast && words.length <= atMost && words.slice(0, atLeast).every((word) => word !== ''))
    return words;
  throw new Mistake(`Write: flotilla kv ${usage}`);
}
