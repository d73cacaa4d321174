import { randomUUID } from 'node:crypto';
import { hostAndPort } from '@flotilla/contracts/registry-urls';
import { centralOver } from '../central/central-over.ts';
import { discoveryOver } from '../discovery/discovery.ts';
import { SnapshotFeed } from '../discovery/snapshot-feed.ts';
import { type RegistryHttpParts, registryHttp } from '../http/registry-http.ts';
import { ownedRegistrationApi } from '../registration/owned-registration.ts';
import { registrarOver } from '../registration/registrar.ts';
import type { RegistryKind, RegistryOptions } from '../registry-kind.ts';
import { consulKeySource } from './consul-keys.ts';
import { consulRegistry } from './consul-registration.ts';
import { consulSource } from './consul-source.ts';
import { readConsulUrls } from './consul-urls.ts';

/** HashiCorp's Consul, and whatever speaks its HTTP API: usually the agent on this machine. */
export const consulKind: RegistryKind = {
  prefixes: ['consul+http://', 'consul+https://'],
  example: 'consul+http://127.0.0.1:8500',
  expects: 'a Consul agent, for example consul+http://127.0.0.1:8500',
  problemOf(url) {
    const read = readConsulUrls(url);
    return read.ok ? undefined : read.problem;
  },
  hostsOf(url) {
    const read = readConsulUrls(url);
    return read.ok ? read.value.urls.map(hostAndPort) : [];
  },
  discovery(url, options) {
    const { random, logger, ...http } = httpOf(url, options);
    const source = consulSource(http, optionsOf(url), logger);
    return discoveryOver({ clock: http.clock, random, logger, feed: (parts) => new SnapshotFeed(source, parts) });
  },
  registrar(url, options) {
    const { random, logger, ...http } = httpOf(url, options);
    const api = ownedRegistrationApi(consulRegistry(http, logger));
    return registrarOver({ api, clock: http.clock, random, logger, newToken: () => randomUUID() });
  },
  centralConfig(url, options) {
    const { random, logger, ...http } = httpOf(url, options);
    return centralOver({ source: consulKeySource(http), clock: http.clock, random, logger });
  },
};

function optionsOf(url: string): URLSearchParams {
  const read = readConsulUrls(url);
  return read.ok ? read.value.options : new URLSearchParams();
}

function httpOf(url: string, options: RegistryOptions): RegistryHttpParts {
  const read = readConsulUrls(url);
  const { token } = options;
  return registryHttp(read.ok ? read.value.urls : [], options, token === undefined ? {} : { 'x-consul-token': token });
}
