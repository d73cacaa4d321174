import type { Endpoint, ServiceInstance } from '@flotilla/contracts';

/**
 * What callers are told of an instance of the registry. Its records have no fields for zone and version: they are read
 * from the metadata of these names.
 */
export function endpointOf({ id, address, port, weight, tags, metadata }: ServiceInstance): Endpoint {
  const { zone, version } = metadata;
  return Object.freeze({ id, scheme: 'http', address, port, weight, tags, metadata, zone, version });
}
