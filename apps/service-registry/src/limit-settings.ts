import { integer, type Setting } from '@flotilla/kit/config';
import { defaultLimits, type RegistrationLimits } from '@flotilla/registry';

interface Limits {
  readonly MAX_INSTANCES: number;
  readonly MAX_INSTANCES_PER_SERVICE: number;
  readonly MAX_INSTANCES_PER_CLIENT: number;
  readonly MAX_METADATA_BYTES: number;
  readonly MAX_METADATA_BYTES_PER_SERVICE: number;
  readonly MAX_METADATA_BYTES_PER_CLIENT: number;
}

const client =
  'one client: an IPv4 address, or the /64 network of an IPv6 one. All behind a proxy or NAT are one client';

const count = (describe: string, byDefault: number): Setting<number> =>
  integer({ describe, default: byDefault, min: 1, max: 1_000_000 });
const bytes = (describe: string, byDefault: number): Setting<number> =>
  integer({ describe, default: byDefault, min: 1_024, max: 1_073_741_824 });

/** The settings that say how much may be registered. */
export const limitSettings: { readonly [K in keyof Limits]: Setting<number> } = {
  MAX_INSTANCES: count('The most instances registered in all', defaultLimits.maxInstances),
  MAX_INSTANCES_PER_SERVICE: count('The most instances of one service', defaultLimits.maxInstancesPerService),
  MAX_INSTANCES_PER_CLIENT: count(`The most instances registered by ${client}`, defaultLimits.maxInstancesPerClient),
  MAX_METADATA_BYTES: bytes(
    'The most bytes of tags and metadata registered in all. Clients take snapshots of at most 64 MiB',
    defaultLimits.maxMetadataBytes,
  ),
  MAX_METADATA_BYTES_PER_SERVICE: bytes(
    'The most bytes of tags and metadata of one service',
    defaultLimits.maxMetadataBytesPerService,
  ),
  MAX_METADATA_BYTES_PER_CLIENT: bytes(
    `The most bytes of tags and metadata registered by ${client}`,
    defaultLimits.maxMetadataBytesPerClient,
  ),
};

/** What the settings say, as the registry takes it. */
export function limitsOf(config: Limits): RegistrationLimits {
  return {
    maxInstances: config.MAX_INSTANCES,
    maxInstancesPerService: config.MAX_INSTANCES_PER_SERVICE,
    maxInstancesPerClient: config.MAX_INSTANCES_PER_CLIENT,
    maxMetadataBytes: config.MAX_METADATA_BYTES,
    maxMetadataBytesPerService: config.MAX_METADATA_BYTES_PER_SERVICE,
    maxMetadataBytesPerClient: config.MAX_METADATA_BYTES_PER_CLIENT,
  };
}
