import { randomUUID } from 'node:crypto';
import { hostAndPort } from '@flotilla/contracts/registry-urls';
import { discoveryOver } from '../discovery/discovery.ts';
import { SnapshotFeed } from '../discovery/snapshot-feed.ts';
import { type RegistryHttpParts, registryHttp } from '../http/registry-http.ts';
import { ownedRegistrationApi } from '../registration/owned-registration.ts';
import { registrarOver } from '../registration/registrar.ts';
import type { RegistryKind, RegistryOptions } from '../registry-kind.ts';
import { eurekaRegistry } from './eureka-registration.ts';
import { eurekaSource } from './eureka-source.ts';
import { readEurekaUrls } from './eureka-urls.ts';

/** Netflix's Eureka, mostly in a Spring application, at one address or several peers. */
export const eurekaKind: RegistryKind = {
  prefixes: ['eureka+http://', 'eureka+https://'],
  example: 'eureka+http://127.0.0.1:8761/eureka',
  expects: 'a Eureka server, for example eureka+http://127.0.0.1:8761/eureka',
  problemOf(url) {
    const read = readEurekaUrls(url);
    return read.ok ? undefined : read.problem;
  },
  hostsOf(url) {
    const read = readEurekaUrls(url);
    return read.ok ? read.value.urls.map(hostAndPort) : [];
  },
  discovery(url, options) {
    const { random, logger, ...http } = httpOf(url, options);
    const source = eurekaSource(http, random);
    return discoveryOver({ clock: http.clock, random, logger, feed: (parts) => new SnapshotFeed(source, parts) });
  },
  registrar(url, options) {
    const { random, logger, ...http } = httpOf(url, options);
    const api = ownedRegistrationApi(eurekaRegistry(http));
    return registrarOver({ api, clock: http.clock, random, logger, newToken: () => randomUUID() });
  },
};

function httpOf(url: string, options: RegistryOptions): RegistryHttpParts {
  const read = readEurekaUrls(url);
  return registryHttp(read.ok ? read.value.urls : [], options, loginOf(options.token));
}

/** Eureka servers ask for user and password; a token alone is the password of any user. */
function loginOf(token: string | undefined): Readonly<Record<string, string>> {
  if (token === undefined) return {};
  const login = token.includes(':') ? token : `flotilla:${token}`;
  return { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
}
