import { addressSchema, type Endpoint } from '@flotilla/contracts';
import { ownMetadata, weightIn, withoutOwn } from '../registration/own-metadata.ts';
import type { EurekaInstance } from './eureka-instance.ts';

/** The names under which an instance is found, in upper case: that of its application, and its virtual addresses. */
export function namesOf({ app, vipAddress }: EurekaInstance): ReadonlySet<string> {
  const names = [app, ...(vipAddress ?? '').split(',')].map((name) => name.trim().toUpperCase());
  return new Set(names.filter((name) => name !== ''));
}

/** What callers are told of an instance; undefined if it gets no traffic, or cannot be called. */
export function endpointOf(instance: EurekaInstance): Endpoint | undefined {
  if (instance.status !== 'UP') return undefined;
  const { hostName, ipAddr, port, securePort, instanceId } = instance;
  const usedPort = port ?? securePort ?? 0;
  // What other clients call: their instances choose it, also where it is an address.
  const address = [hostName, ipAddr].find((each) => addressSchema.safeParse(each).success);
  if (address === undefined || usedPort < 1 || usedPort > 65_535) return undefined;
  const { '@class': _, ...said } = instance.metadata ?? {};
  const metadata = Object.fromEntries(Object.entries(said).map(([name, value]) => [name, String(value)]));
  const { zone, version } = metadata;
  const tags = metadata[ownMetadata.tags] ?? '';
  return {
    id: instanceId ?? hostName,
    scheme: typeof port === 'number' ? 'http' : 'https',
    address,
    port: usedPort,
    weight: weightIn(metadata[ownMetadata.weight]) ?? weightIn(metadata['weight']) ?? 1,
    tags: tags === '' ? [] : tags.split(' '),
    metadata: withoutOwn(metadata),
    zone,
    version,
  };
}
