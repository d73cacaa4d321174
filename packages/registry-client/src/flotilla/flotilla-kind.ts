import { randomUUID } from 'node:crypto';
import { httpRegistryUrls, readHttpUrls } from '@flotilla/contracts/registry-urls';
import { centralOver } from '../central/central-over.ts';
import { discoveryOver } from '../discovery/discovery.ts';
import { Watcher } from '../discovery/watcher.ts';
import { type RegistryHttpParts, registryHttp } from '../http/registry-http.ts';
import { registrarOver } from '../registration/registrar.ts';
import type { RegistryKind, RegistryOptions } from '../registry-kind.ts';
import { flotillaRegistrationApi } from './flotilla-api.ts';
import { flotillaKeySource } from './flotilla-keys.ts';
import { flotillaWatchSource } from './flotilla-watch.ts';

/**
 * Flotilla's own registry, at one address or several, which are tried in turn. Discovery is one stream for all services.
 *
 * What a registry says when it is back is believed at once, an empty list too: it keeps its instances over a restart and
 * gives their leases time to be renewed, so an instance that is missing is missing because it was deregistered or its
 * lease ran out. But one that speaks from another history has lost what it knew: whom it does not mention stays in use,
 * the service marked `stale`, until it registers again or the time of its lease is over.
 */
export const flotillaKind: RegistryKind = {
  ...httpRegistryUrls,
  prefixes: ['http://', 'https://', 'flotilla+http://', 'flotilla+https://'],
  example: 'http://127.0.0.1:8500',
  discovery(url, options) {
    const { random, logger, ...http } = httpOf(url, options);
    const source = flotillaWatchSource(http, options.silenceLimitMs ?? 37_500);
    return discoveryOver({ clock: http.clock, random, logger, feed: (fed) => new Watcher(source, fed) });
  },
  registrar(url, options) {
    const { random, logger, ...http } = httpOf(url, options);
    const api = flotillaRegistrationApi(http);
    return registrarOver({ api, clock: http.clock, random, logger, newToken: () => randomUUID() });
  },
  centralConfig(url, options) {
    const { random, logger, ...http } = httpOf(url, options);
    return centralOver({ source: flotillaKeySource(http), clock: http.clock, random, logger });
  },
};

function httpOf(url: string, options: RegistryOptions): RegistryHttpParts {
  const urls = readHttpUrls(url);
  const { token } = options;
  return registryHttp(
    urls.ok ? urls.value : [],
    options,
    token === undefined ? {} : { authorization: `Bearer ${token}` },
  );
}
