import { systemClock } from '@flotilla/contracts';
import { discoveryOver } from '../discovery/discovery.ts';
import { SnapshotFeed } from '../discovery/snapshot-feed.ts';
import { unannounced } from '../list/unannounced.ts';
import type { RegistryKind } from '../registry-kind.ts';
import { dnsSource } from './dns-source.ts';
import { type DnsPlace, readDnsUrl } from './dns-urls.ts';

/** Names in DNS, which something else keeps: Consul, CoreDNS, a cloud, a zone file. */
export const dnsKind: RegistryKind = {
  prefixes: ['dns:'],
  example: 'dns://127.0.0.1:8600/{service}.service.consul',
  expects:
    'names in DNS, for example dns://127.0.0.1:8600/{service}.service.consul, or dns:///{service}.internal?port=8080',
  problemOf(url) {
    const read = readDnsUrl(url);
    return read.ok ? undefined : read.problem;
  },
  hostsOf: () => [],
  discovery(url, { logger, random = Math.random, clock = systemClock, requestTimeoutMs = 3_000 }) {
    const source = dnsSource(placeOf(url), clock, requestTimeoutMs);
    return discoveryOver({ clock, random, logger, feed: (parts) => new SnapshotFeed(source, parts) });
  },
  registrar: (_url, { logger }) => unannounced(logger, 'names in DNS', 'its name leads here'),
};

function placeOf(url: string): DnsPlace {
  const read = readDnsUrl(url);
  if (!read.ok) throw new TypeError(`The registry URL ${read.problem}`);
  return read.value;
}
