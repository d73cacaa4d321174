import { configKeys, readConfigSchema, type SettingDescription } from '@flotilla/contracts/config-schema';
import { nearestName } from '@flotilla/kit/sources';
import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { columnsOf } from '../output/short-values.ts';
import { type Answer, answer, Failed } from '../running/answer.ts';
import { checkSharedValue } from './check-shared-value.ts';
import { explainConfig } from './explain-config.ts';
import { keyTable } from './key-table.ts';
import { RegistryCalls } from './registry-calls.ts';
import { keyIn, keysIn, pathOfKey, shortValue } from './stored-key.ts';

/** The words after `config` that are about central config; any other word is a program. */
const configWords = ['get', 'set', 'unset', 'explain'] as const;
type ConfigWord = (typeof configWords)[number];

export function isConfigWord(word: string | undefined): word is ConfigWord {
  return configWords.some((each) => each === word);
}

/** `flotilla config get|set|unset|explain`. */
export async function configCommand(word: ConfigWord, given: Given, cli: Cli): Promise<number> {
  const [, service = '', ...words] = given.words;
  if (service === '' || service.includes('/') || /^[A-Z0-9_]+=/.test(service))
    throw new Mistake(`Say for which service, for example: flotilla config ${examples[word]}`);
  const run = async (find: (calls: RegistryCalls) => Promise<Answer>): Promise<number> => {
    const calls = await RegistryCalls.of(given, cli);
    return answer(given, cli, () => find(calls));
  };
  switch (word) {
    case 'get': {
      const [setting] = between(words, 0, 1, word);
      return run((calls) => getConfig(calls, cli, service, setting));
    }
    case 'set': {
      const { setting, value } = assignment(words);
      return run((calls) => setConfig(calls, service, setting, value));
    }
    case 'unset': {
      const [setting = ''] = between(words, 1, 1, word);
      return run((calls) => unsetConfig(calls, service, setting));
    }
    case 'explain':
      return run((calls) => explainConfig(calls, given, cli, service, words));
    default:
      return word satisfies never;
  }
}

const examples: Readonly<Record<ConfigWord, string>> = {
  get: 'get user-service LOG_LEVEL',
  set: 'set user-service LOG_LEVEL debug, or: flotilla config set shared LOG_LEVEL debug',
  unset: 'unset user-service LOG_LEVEL',
  explain: 'explain user-service',
};

async function getConfig(
  calls: RegistryCalls,
  cli: Cli,
  service: string,
  setting: string | undefined,
): Promise<Answer> {
  const scopes = service === 'shared' ? [configKeys.shared] : [configKeys.ofService(service), configKeys.shared];
  if (setting !== undefined) {
    for (const scope of scopes) {
      const found = keyIn(await calls.call({ path: pathOfKey(scope + setting), expects: [404] }));
      if (found !== undefined) return { json: found, text: [shortValue(found, Number.POSITIVE_INFINITY)] };
    }
    const keys = scopes.map((scope) => scope + setting).join(' nor ');
    throw new Failed(`There is ${scopes.length === 1 ? 'no key' : 'neither'} ${keys}.`, 'KEY_NOT_FOUND');
  }
  const lists = await Promise.all(
    scopes.map(async (scope) =>
      keysIn(await calls.call({ path: `kv?${new URLSearchParams({ prefix: scope }).toString()}` })),
    ),
  );
  const keys = lists.flat();
  if (keys.length === 0)
    return {
      json: [],
      text: [`Central config has nothing for ${service}. To set something: flotilla config ${examples.set}`],
    };
  const own = new Set((lists[0] ?? []).map(({ key }) => key.slice((scopes[0] ?? '').length)));
  const isHidden = ({ key }: { readonly key: string }): boolean =>
    scopes.length > 1 && key.startsWith(configKeys.shared) && own.has(key.slice(configKeys.shared.length));
  const table = keyTable(keys, columnsOf(cli.stdout), (key) => (isHidden(key) ? ' (overridden)' : ''));
  return { json: keys, text: table };
}

async function setConfig(calls: RegistryCalls, service: string, setting: string, value: string): Promise<Answer> {
  const isShared = service === 'shared';
  const notes = isShared ? await checkSharedValue(calls, setting, value) : [];
  const key = `${isShared ? configKeys.shared : configKeys.ofService(service)}${setting}`;
  const written = keyIn(await calls.call({ method: 'PUT', path: pathOfKey(key), body: value }));
  const described = isShared ? undefined : await describe(calls, service);
  return {
    json: written,
    text: [`Set ${key}.`, ...notes, ...(isShared ? [] : [effectOf(described, service, setting)])],
  };
}

async function unsetConfig(calls: RegistryCalls, service: string, setting: string): Promise<Answer> {
  const key = `${service === 'shared' ? configKeys.shared : configKeys.ofService(service)}${setting}`;
  try {
    await calls.call({ method: 'DELETE', path: pathOfKey(key) });
  } catch (error) {
    if (!(error instanceof Failed) || error.code !== 'KEY_NOT_FOUND') throw error;
    const described = service === 'shared' ? undefined : await describe(calls, service);
    const near = described === undefined ? undefined : nearestName(setting, Object.keys(described));
    const hint = near === undefined || near === setting ? '' : ` Did you mean ${near}?`;
    throw new Failed(`${key} is not set.${hint}`, error.code);
  }
  const described = service === 'shared' ? undefined : await describe(calls, service);
  return {
    json: { deleted: [key] },
    text: [`Removed ${key}.`, ...(service === 'shared' ? [] : [effectOf(described, service, setting)])],
  };
}

/** What a service has said about its settings; undefined: nothing. */
async function describe(
  calls: RegistryCalls,
  service: string,
): Promise<Readonly<Record<string, SettingDescription>> | undefined> {
  const found = keyIn(await calls.call({ path: pathOfKey(configKeys.schemaOf(service)), expects: [404] }));
  return readConfigSchema(found?.value ?? '')?.settings;
}

function effectOf(
  settings: Readonly<Record<string, SettingDescription>> | undefined,
  service: string,
  setting: string,
): string {
  if (settings === undefined)
    return `${service} has not published its settings, so the value was not checked. Services that use central config publish theirs when they start.`;
  if (settings[setting]?.live === true) return `Running instances of ${service} follow at once.`;
  return `It takes effect when ${service} starts next: flotilla restart ${service}`;
}

/** `LOG_LEVEL debug` or `LOG_LEVEL=debug`. */
function assignment(words: readonly string[]): { readonly setting: string; readonly value: string } {
  const [first = '', second] = between(words, 1, 2, 'set');
  const [, name, inline] = /^([^=]+)=([^]*)$/.exec(first) ?? [];
  const setting = second === undefined ? name : first;
  const value = second ?? inline;
  if (setting === undefined || value === undefined || setting.includes('/'))
    throw new Mistake(`Write: flotilla config ${examples.set}`);
  if (value === '')
    throw new Mistake('An empty value counts as unset. Write: flotilla config unset <service> <setting>');
  const upper = setting.toUpperCase().replaceAll('-', '_').replace(/^_+/, '');
  if (upper !== setting) throw new Mistake(`Settings are written in capitals: ${upper}`);
  return { setting, value };
}

function between(words: readonly string[], atLeast: number, atMost: number, word: ConfigWord): readonly string[] {
  if (words.length >= atLeast && words.length <= atMost) return words;
  throw new Mistake(`Write, for example: flotilla config ${examples[word]}`);
}
