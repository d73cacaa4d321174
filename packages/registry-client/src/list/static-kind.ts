import { systemClock } from '@flotilla/contracts';
import { discoveryOver } from '../discovery/discovery.ts';
import { SnapshotFeed } from '../discovery/snapshot-feed.ts';
import type { SnapshotSource } from '../discovery/snapshot-source.ts';
import type { RegistryKind } from '../registry-kind.ts';
import { readStaticList, type ServiceList } from './static-list.ts';
import { unannounced } from './unannounced.ts';

/** A list in the URL itself, which never changes: for fleets without a registry, and for tests. */
export const staticKind: RegistryKind = {
  prefixes: ['static:'],
  example: 'static:user-service=127.0.0.1:8001,order-service=127.0.0.1:8002',
  expects: 'a list, for example static:user-service=127.0.0.1:8001,order-service=127.0.0.1:8002',
  problemOf(url) {
    const read = readStaticList(url);
    return read.ok ? undefined : read.problem;
  },
  hostsOf: () => [],
  discovery(url, { logger, random = Math.random, clock = systemClock }) {
    const read = readStaticList(url);
    const source = fixedSource(read.ok ? read.value : new Map());
    return discoveryOver({ clock, random, logger, feed: (parts) => new SnapshotFeed(source, parts) });
  },
  registrar: (_url, { logger }) => unannounced(logger, 'a list', 'their list contains it'),
};

/** A service that is not in the list is known to have no instance. */
function fixedSource(list: ServiceList): SnapshotSource {
  return {
    silenceLimitMs: undefined,
    follow({ service, onEndpoints, signal }) {
      onEndpoints(list.get(service) ?? []);
      return new Promise((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
    close() {},
  };
}
