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
  problemOf(url) {
    const kind = kindOf(url);
    if (kind !== undefined) return kind.problemOf(url);
    const prefixes = registryKinds.flatMap((one) => one.prefixes);
    return `does not begin with ${prefixes.slice(0, -1).join(', ')} or ${prefixes.at(-1)}`;
  },
  hostsOf: (url) => kindOf(url)?.hostsOf(url) ?? [],
};

/**
 * The discovery for a registry's URL, whose beginning says which kind it is:
 *
 * ```ts
 * const discovery = discoveryFor('http://127.0.0.1:8500', { logger });
 * const { endpoints } = await discovery.whenKnown('user-service', AbortSignal.timeout(2_000));
 * ```
 *
 * Throws a TypeError when `url` is none of a known kind.
 */
export function discoveryFor(url: string, options: RegistryOptions): Discovery {
  return checkedKind(url).discovery(url, options);
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
 * Throws a TypeError when `url` is none of a known kind.
 */
export function registrarFor(url: string, options: RegistryOptions): Registrar {
  return checkedKind(url).registrar(url, options);
}

/**
 * Central config for a registry's URL; undefined if registries of that kind have none. Give it to the chassis, which
 * follows it:
 *
 * ```ts
 * centralConfig: ({ config, logger, clock }) => centralConfigFor(config.REGISTRY_URL, { logger, clock }),
 * ```
 *
 * Throws a TypeError when `url` is none of a known kind.
 */
export function centralConfigFor(url: string, options: RegistryOptions): CentralConfig | undefined {
  return checkedKind(url).centralConfig?.(url, options);
}

function kindOf(url: string): RegistryKind | undefined {
  const text = url.trimStart().toLowerCase();
  return registryKinds.find(({ prefixes }) => prefixes.some((prefix) => text.startsWith(prefix)));
}

function checkedKind(url: string): RegistryKind {
  const problem = registryUrls.problemOf(url);
  const kind = kindOf(url);
  if (problem === undefined && kind !== undefined) return kind;
  throw new TypeError(`The registry URL ${problem}: use ${registryUrls.expects}`);
}
