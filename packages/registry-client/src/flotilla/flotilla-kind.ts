import { randomUUID } from 'node:crypto';
import { httpRegistryUrls } from '@flotilla/contracts/registry-urls';
import { discoveryOver } from '../discovery/discovery.ts';
import { Watcher } from '../discovery/watcher.ts';
import { registrarOver } from '../registration/registrar.ts';
import type { RegistryKind } from '../registry-kind.ts';
import { clientParts } from './client-parts.ts';
import { flotillaRegistrationApi } from './flotilla-api.ts';
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
  prefixes: ['http://', 'https://'],
  example: 'http://127.0.0.1:8500',
  discovery(url, options) {
    const { random, logger, ...parts } = clientParts(url, options);
    const source = flotillaWatchSource(parts, options.silenceLimitMs ?? 37_500);
    return discoveryOver({ clock: parts.clock, random, logger, feed: (fed) => new Watcher(source, fed) });
  },
  registrar(url, options) {
    const { random, logger, ...parts } = clientParts(url, options);
    const api = flotillaRegistrationApi(parts);
    return registrarOver({ api, clock: parts.clock, random, logger, newToken: () => randomUUID() });
  },
};
