import { AppError } from '@flotilla/contracts';
import {
  type CentralMistake,
  type ConfigSchema,
  checkCentralValue,
  configKeys,
  readConfigSchema,
} from '@flotilla/contracts/config-schema';
import { nearestName } from '@flotilla/kit/sources';
import type { RegistryHttp } from '../sources/index.ts';
import type { ConfigCheck, ConfigScopes, ConfigSetting, ServiceConfig } from '../wire/index.ts';
import { looksSecret } from './hidden-values.ts';
import { askRegistry, jsonOf } from './registry-answers.ts';

/** The name that stands for all services. */
const shared = 'shared';
const schemaPrefix = configKeys.schemaOf('');
const ownPrefix = configKeys.ofService('x').slice(0, -'x/'.length);

/** Central configuration, which is keys of the registry, with what services say of their settings. */
export class CentralConfig {
  readonly #registry: RegistryHttp | undefined;

  constructor(registry: RegistryHttp | undefined) {
    this.#registry = registry;
  }

  /** Which services have settings, and how many are set. */
  async scopes(): Promise<ConfigScopes> {
    const [schemas, values] = await Promise.all([this.#schemas(), this.#values(ownPrefix)]);
    const counts = new Map<string, number>([...schemas.keys()].map((service) => [service, 0]));
    for (const key of values.keys()) {
      const [service = ''] = key.slice(ownPrefix.length).split('/', 1);
      counts.set(service, (counts.get(service) ?? 0) + 1);
    }
    const ofAll = counts.get(shared) ?? 0;
    counts.delete(shared);
    const services = [...counts].map(([name, own]) => ({ name, own, isDescribed: schemas.has(name) }));
    return { shared: ofAll, services: services.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
  }

  /** The settings of a service, with what is set; of `shared`, those that any service has. */
  async of(service: string): Promise<ServiceConfig> {
    const [schemas, own, ofAll] = await Promise.all([
      this.#schemas(),
      this.#values(prefixOf(service)),
      service === shared ? new Map<string, string>() : this.#values(configKeys.shared),
    ]);
    const schema = service === shared ? mergedSchema(schemas.values()) : schemas.get(service);
    const values = namesIn(own, prefixOf(service));
    const sharedValues = namesIn(ofAll, configKeys.shared);
    const names = new Set([...Object.keys(schema?.settings ?? {}), ...values.keys()]);
    const settings = [...names]
      .toSorted()
      .map((name) => settingView(schema, name, values.get(name), sharedValues.get(name)));
    return { service, isDescribed: schema !== undefined, settings };
  }

  /** What a value would do. */
  async check(service: string, setting: string, value: string): Promise<ConfigCheck> {
    const schemas = await this.#schemas();
    const asked = service === shared ? [...schemas] : [...schemas].filter(([name]) => name === service);
    const knowing = asked.filter(([, { settings }]) => service !== shared || Object.hasOwn(settings, setting));
    const judged = knowing.map(([name, schema]) => {
      const mistake = checkCentralValue(schema, setting, value);
      return {
        name,
        live: schema.settings[setting]?.live === true,
        problem: mistake && wordsOf(mistake, name, setting),
      };
    });
    const good = judged.filter(({ problem }) => problem === undefined);
    const refusedBy = judged.flatMap(({ name, problem }) =>
      problem === undefined ? [] : [{ service: name, problem }],
    );
    const [first] = refusedBy;
    const problem =
      value === ''
        ? 'An empty value counts as unset. Remove the setting instead.'
        : good.length === 0
          ? first?.problem
          : undefined;
    return {
      ...(problem === undefined ? {} : { problem }),
      followedBy: good.flatMap(({ name, live }) => (live ? [name] : [])),
      atRestartOf: good.flatMap(({ name, live }) => (live ? [] : [name])),
      refusedBy,
      isUnchecked: judged.length === 0,
    };
  }

  /** Sets a value. Throws INVALID_REQUEST if nobody could use it. */
  async set(service: string, setting: string, value: string): Promise<ConfigCheck> {
    const checked = await this.check(service, setting, value);
    if (checked.problem !== undefined) throw new AppError('INVALID_REQUEST', { detail: checked.problem });
    await askRegistry(this.#registry, { method: 'PUT', path: pathOf(service, setting), body: value });
    return checked;
  }

  async unset(service: string, setting: string): Promise<void> {
    await askRegistry(this.#registry, { method: 'DELETE', path: pathOf(service, setting) });
  }

  async #schemas(): Promise<ReadonlyMap<string, ConfigSchema>> {
    const schemas = new Map<string, ConfigSchema>();
    for (const [key, text] of await this.#values(schemaPrefix)) {
      const schema = readConfigSchema(text);
      if (schema !== undefined) schemas.set(key.slice(schemaPrefix.length), schema);
    }
    return schemas;
  }

  async #values(prefix: string): Promise<ReadonlyMap<string, string>> {
    const answer = await askRegistry(this.#registry, { path: `kv?${new URLSearchParams({ prefix }).toString()}` });
    const records = jsonOf(answer);
    const values = new Map<string, string>();
    for (const record of Array.isArray(records) ? records : []) {
      const { key, value } = record as { readonly key?: unknown; readonly value?: unknown }; // The registry's; looked at here.
      if (typeof key === 'string') values.set(key, typeof value === 'string' ? value : '');
    }
    return values;
  }
}

function prefixOf(service: string): string {
  return service === shared ? configKeys.shared : configKeys.ofService(service);
}

function pathOf(service: string, setting: string): string {
  return `kv/${prefixOf(service).split('/').map(encodeURIComponent).join('/')}${encodeURIComponent(setting)}`;
}

function namesIn(values: ReadonlyMap<string, string>, prefix: string): ReadonlyMap<string, string> {
  return new Map([...values].map(([key, value]) => [key.slice(prefix.length), value]));
}

/** What all services together say: of settings of the same name, what the first says. */
function mergedSchema(schemas: Iterable<ConfigSchema>): ConfigSchema {
  const settings: Record<string, ConfigSchema['settings'][string]> = {};
  for (const schema of schemas)
    for (const [name, description] of Object.entries(schema.settings))
      if (description.local === undefined) settings[name] ??= description;
  return { settings };
}

function settingView(
  schema: ConfigSchema | undefined,
  name: string,
  value: string | undefined,
  sharedValue: string | undefined,
): ConfigSetting {
  const described = schema !== undefined && Object.hasOwn(schema.settings, name) ? schema.settings[name] : undefined;
  const isHidden = looksSecret(name) && (value ?? sharedValue) !== undefined;
  const counting = value ?? sharedValue;
  const mistake =
    schema === undefined || counting === undefined ? undefined : checkCentralValue(schema, name, counting);
  return {
    name,
    live: described?.live === true,
    isHidden,
    ...(described === undefined ? {} : { describe: described.describe, expects: described.expects }),
    ...(described?.default === undefined ? {} : { default: described.default }),
    ...(described?.local === undefined ? {} : { local: described.local }),
    ...(value === undefined || isHidden ? {} : { value }),
    ...(sharedValue === undefined || isHidden ? {} : { shared: sharedValue }),
    ...(mistake === undefined ? {} : { problem: wordsOf(mistake, 'The service', name) }),
  };
}

function wordsOf(mistake: CentralMistake, service: string, setting: string): string {
  switch (mistake.kind) {
    case 'unknown': {
      const near = nearestName(setting, mistake.names);
      return `${service} has no setting ${setting}.${near === undefined ? '' : ` Did you mean ${near}?`}`;
    }
    case 'local':
      return `${setting} cannot be set in central configuration. ${mistake.why}`;
    case 'value':
      return `The value ${mistake.problem}.${mistake.problem.includes(mistake.expects) ? '' : ` Expected ${mistake.expects}.`}`;
    default:
      return mistake satisfies never;
  }
}
