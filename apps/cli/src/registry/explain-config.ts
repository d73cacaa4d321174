import {
  type CentralMistake,
  type ConfigSchema,
  checkCentralValue,
  configKeys,
  readConfigSchema,
  type SettingDescription,
} from '@flotilla/contracts/config-schema';
import { nearestName } from '@flotilla/kit/sources';
import { cutToWidth } from '@flotilla/kit/text-width';
import type { Given } from '../arguments/given.ts';
import type { Cli } from '../arguments/verb.ts';
import { readSettingsTable, type UsedSetting } from '../inspect/settings-table.ts';
import { columnsOf } from '../output/short-values.ts';
import { wrapText } from '../output/wrap-text.ts';
import { type Answer, Failed } from '../running/answer.ts';
import { oneRunning } from '../running/find-running.ts';
import type { RegistryCalls } from './registry-calls.ts';
import { keyIn, keysIn, pathOfKey } from './stored-key.ts';

/** One setting: what it is, what central config says about it, and what the program uses. */
interface Explained {
  readonly setting: string;
  /** What the next start uses, and from where. */
  readonly value: string;
  readonly from: string;
  readonly central: readonly CentralValue[];
  readonly live: boolean;
  /** Why it cannot come from central config. */
  readonly local?: string;
  /** Complete sentences. */
  readonly notes: readonly string[];
}

interface CentralValue {
  readonly key: string;
  readonly value: string;
  readonly fits: boolean;
  readonly problem?: string;
}

/** `flotilla config explain`: for each setting its value, where it comes from, what central config says, and whether that fits. */
export async function explainConfig(
  calls: RegistryCalls,
  given: Given,
  cli: Cli,
  service: string,
  wanted: readonly string[],
): Promise<Answer> {
  const [schema, own, shared, used] = await Promise.all([
    schemaOf(calls, service),
    textsBelow(calls, configKeys.ofService(service)),
    textsBelow(calls, configKeys.shared),
    usedBy(given, cli, service),
  ]);
  if (schema === undefined)
    throw new Failed(
      `${service} has not said which settings it has. Services on the Flotilla chassis do so when they start: is it spelled correctly, and does it use this registry? To see the keys: flotilla kv list config/`,
      'SCHEMA_NOT_FOUND',
    );
  for (const name of wanted) {
    if (Object.hasOwn(schema.settings, name) || own.has(name)) continue;
    const near = nearestName(name, Object.keys(schema.settings));
    throw new Failed(
      `${service} has no setting ${name}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
      'UNKNOWN_NAME',
    );
  }
  const names = [...new Set([...Object.keys(schema.settings), ...own.keys()])];
  const isTold = (name: string): boolean => own.has(name) || (shared.has(name) && Object.hasOwn(schema.settings, name));
  const shown = wanted.length > 0 ? wanted : given.has('--all') ? names : names.filter(isTold);
  const explained = shown.map((name) => explain(name, schema, { service, own, shared, used: used?.get(name) }));
  const head =
    used === undefined
      ? ['No fleet with this program runs here, so variables, flags and files of the program are not known.', '']
      : [];
  const rest = names.length - shown.length;
  const more =
    rest > 0 && wanted.length === 0
      ? [
          `Central config says nothing about the other ${rest} ${rest === 1 ? 'setting' : 'settings'}; --all shows ${rest === 1 ? 'it' : 'them'}.`,
        ]
      : [];
  const columns = columnsOf(cli.stdout);
  const wrapped = (lines: readonly string[]): string[] =>
    columns === undefined ? [...lines] : lines.flatMap((line) => wrapText(line, columns));
  return {
    json: { service, registry: calls.url.origin, running: used !== undefined, settings: explained },
    text: [...wrapped(head), ...explained.flatMap((one) => linesOf(one, columns ?? 100)), ...wrapped(more)],
    exitCode: explained.some(({ central }) => central.some(({ fits }) => !fits)) ? 1 : 0,
  };
}

async function schemaOf(calls: RegistryCalls, service: string): Promise<ConfigSchema | undefined> {
  const found = keyIn(await calls.call({ path: pathOfKey(configKeys.schemaOf(service)), expects: [404] }));
  return readConfigSchema(found?.value ?? '');
}

async function textsBelow(calls: RegistryCalls, prefix: string): Promise<ReadonlyMap<string, string>> {
  const keys = keysIn(await calls.call({ path: `kv?${new URLSearchParams({ prefix }).toString()}` }));
  const names = keys.map(({ key, value = '' }) => [key.slice(prefix.length), value] as const);
  return new Map(names.filter(([name]) => !name.includes('/')));
}

/** What the program of a running fleet would use if it started now; undefined: none runs here. */
async function usedBy(given: Given, cli: Cli, service: string): Promise<ReadonlyMap<string, UsedSetting> | undefined> {
  try {
    const { client } = await oneRunning(given, cli, [service]);
    const table = readSettingsTable(await client.settings(service));
    return table.length === 0 ? undefined : new Map(table.map((one) => [one.name, one]));
  } catch {
    // No fleet, or one without this program: it may run elsewhere.
    return undefined;
  }
}

function describeMistake({ problem, expects }: Extract<CentralMistake, { kind: 'value' }>): string {
  return `The value ${problem}.${problem.includes(expects) ? '' : ` Expected ${expects}.`}`;
}

interface Known {
  readonly service: string;
  readonly own: ReadonlyMap<string, string>;
  readonly shared: ReadonlyMap<string, string>;
  readonly used: UsedSetting | undefined;
}

function explain(setting: string, schema: ConfigSchema, { service, own, shared, used }: Known): Explained {
  const described = Object.hasOwn(schema.settings, setting) ? schema.settings[setting] : undefined;
  const central = [
    ...valueAt(configKeys.ofService(service), setting, own, schema),
    ...valueAt(configKeys.shared, setting, shared, schema),
  ];
  const good = central.find(({ fits }) => fits);
  const value = used?.value ?? good?.value ?? described?.default ?? '(not set)';
  const from = used?.from ?? (good !== undefined ? 'central' : described?.default === undefined ? 'unset' : 'default');
  return {
    ...{ setting, value, from, central },
    live: described?.live ?? false,
    ...(described?.local === undefined ? {} : { local: described.local }),
    notes: notesOn(described, central, from, service),
  };
}

function valueAt(
  prefix: string,
  setting: string,
  texts: ReadonlyMap<string, string>,
  schema: ConfigSchema,
): readonly CentralValue[] {
  const value = texts.get(setting);
  if (value === undefined) return [];
  const mistake = checkCentralValue(schema, setting, value);
  const key = `${prefix}${setting}`;
  if (mistake === undefined) return [{ key, value, fits: true }];
  switch (mistake.kind) {
    case 'unknown': {
      const near = nearestName(setting, mistake.names);
      return [
        {
          key,
          value,
          fits: false,
          problem: `There is no such setting.${near === undefined ? '' : ` Did you mean ${near}?`}`,
        },
      ];
    }
    case 'local':
      return [{ key, value, fits: false, problem: mistake.why }];
    case 'value':
      return [{ key, value, fits: false, problem: describeMistake(mistake) }];
    default:
      return mistake satisfies never;
  }
}

function notesOn(
  described: SettingDescription | undefined,
  central: readonly CentralValue[],
  from: string,
  service: string,
): readonly string[] {
  const notes = central.flatMap(({ key, fits, problem = '' }) => (fits ? [] : [`${key} is ignored: ${problem}`]));
  const good = central.find(({ fits }) => fits);
  if (notes.length > 0 && good === undefined)
    notes.push('Instances that had a good value before keep that until they restart.');
  if (good !== undefined && (from === 'flag' || from === 'environment'))
    notes.push(`A ${from === 'flag' ? 'flag' : 'variable'} of the program overrides ${good.key}.`);
  else if (good !== undefined && described?.live === false)
    notes.push(`Instances that were running before the change use it after: flotilla restart ${service}`);
  if (central.length === 0 && described?.local !== undefined)
    notes.push(`It cannot come from central config. ${described.local}`);
  return notes;
}

/** One setting for people: its name and value, and below it what there is to say. */
function linesOf({ setting, value, from, central, notes }: Explained, columns: number): string[] {
  const below = [
    ...central.map(({ key, value: text, fits }) => `${key} = ${text.trimEnd()}${fits ? '' : '  (does not fit)'}`),
    ...notes,
  ];
  return [
    `${cutToWidth(`${setting} = ${value}`, columns - from.length - 4)}  (${from})`,
    ...below.flatMap((line) => wrapText(line, columns - 4)).map((line) => `    ${line}`),
  ];
}
