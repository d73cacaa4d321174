import type { Endpoint, ServiceInstance } from '@flotilla/contracts';

/**
 * What callers are told of an instance of the registry. Its records have no fields for zone, version and scheme: they are read
 * from the metadata of these names. The scheme is `http` unless that says `https`.
 */
export function endpointOf({ id, address, port, weight, tags, metadata }: ServiceInstance): Endpoint {
  const { zone, version } = metadata;
  const scheme = metadata['scheme'] === 'https' ? 'https' : 'http';
  return Object.freeze({ id, scheme, address, port, weight, tags, metadata, zone, version });
}
