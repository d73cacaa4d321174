import type { Discovery, Registrar } from '@flotilla/contracts';
import type { CentralConfig } from '@flotilla/contracts/central-config';
import type { RegistryUrls } from '@flotilla/contracts/registry-urls';
import type { RegistryKind, RegistryOptions } from './registry-kind.ts';
import { registryKinds } from './registry-kinds.ts';

/**
 * What `REGISTRY_URL` may be: pass it to the kit as `registryUrls`, so that a mistake is reported before anything
 * starts.
 */
export const registryUrls: RegistryUrls = {
  expects: registryKinds.map(({ expects }) => expects).join('; or '),
  expectsFor: (url) => kindOf(url)?.expects,
  problemOf(url) {
    const kind = kindOf(url);
    if (kind !== undefined) return kind.problemOf(url);
    const prefixes = registryKinds.flatMap((one) => one.prefixes);
    return `does not begin with ${prefixes.slice(0, -1).join(', ')} or ${prefixes.at(-1)}`;
  },
  hostsOf: (url) => kindOf(url)?.hostsOf(url) ?? [],
};

/** The settings of a program that say where its registry is: the kit's `config` has both. */
export interface RegistrySettings {
  readonly REGISTRY_URL: string;
  /** See `RegistryOptions.token`. */
  readonly REGISTRY_TOKEN?: string | undefined;
}

/**
 * The discovery for a registry's URL, whose beginning says which kind it is:
 *
 * ```ts
 * const discovery = discoveryFor('http://127.0.0.1:8500', { logger });
 * const { endpoints } = await discovery.whenKnown('user-service', AbortSignal.timeout(2_000));
 * ```
 *
 * Throws a TypeError when the URL is none of a known kind.
 *
 * @param where the URL, or the settings that name it, with its token: `discoveryFor(config, { logger, clock })`
 */
export function discoveryFor(where: string | RegistrySettings, options: RegistryOptions): Discovery {
  const { kind, url, token } = placeOf(where, options);
  return kind.discovery(url, { ...options, token });
}

/**
 * The registrar for a registry's URL. Call `register` once the program listens:
 *
 * ```ts
 * const registrar = registrarFor('http://127.0.0.1:8500', { logger });
 * const active = registrar.register({ name: 'user-service', address: '127.0.0.1', port: 8001 });
 * // … and when the program stops:
 * await active.deregister(AbortSignal.timeout(2_000));
 * ```
 *
 * Throws a TypeError when the URL is none of a known kind.
 *
 * @param where the URL, or the settings that name it, with its token: `registrarFor(config, { logger, clock })`
 */
export function registrarFor(where: string | RegistrySettings, options: RegistryOptions): Registrar {
  const { kind, url, token } = placeOf(where, options);
  return kind.registrar(url, { ...options, token });
}

/**
 * Central config for a registry's URL; undefined if registries of that kind have none. Give it to the chassis, which
 * follows it:
 *
 * ```ts
 * centralConfig: ({ config, logger, clock }) => centralConfigFor(config, { logger, clock }),
 * ```
 *
 * Throws a TypeError when the URL is none of a known kind.
 *
 * @param where the URL, or the settings that name it, with its token
 */
export function centralConfigFor(
  where: string | RegistrySettings,
  options: RegistryOptions,
): CentralConfig | undefined {
  const { kind, url, token } = placeOf(where, options);
  return kind.centralConfig?.(url, { ...options, token });
}

interface RegistryPlace {
  readonly kind: RegistryKind;
  readonly url: string;
  readonly token: string | undefined;
}

function placeOf(where: string | RegistrySettings, options: RegistryOptions): RegistryPlace {
  if (typeof where === 'string') return { kind: checkedKind(where), url: where, token: options.token };
  const { REGISTRY_URL: url, REGISTRY_TOKEN } = where;
  return { kind: checkedKind(url), url, token: options.token ?? REGISTRY_TOKEN };
}

function kindOf(url: string): RegistryKind | undefined {
  const text = url.trimStart().toLowerCase();
  return registryKinds.find(({ prefixes }) => prefixes.some((prefix) => text.startsWith(prefix)));
}

function checkedKind(url: string): RegistryKind {
  const problem = registryUrls.problemOf(url);
  const kind = kindOf(url);
  if (problem === undefined && kind !== undefined) return kind;
  throw new TypeError(`The registry URL ${problem}: use ${kind?.expects ?? registryUrls.expects}`);
}
