import { integer, type Setting } from '@flotilla/kit/config';
import { defaultKeyLimits, defaultLimits, type KeyLimits, type RegistrationLimits } from '@flotilla/registry';

interface Limits {
  readonly MAX_INSTANCES: number;
  readonly MAX_INSTANCES_PER_SERVICE: number;
  readonly MAX_INSTANCES_PER_CLIENT: number;
  readonly MAX_METADATA_BYTES: number;
  readonly MAX_METADATA_BYTES_PER_SERVICE: number;
  readonly MAX_METADATA_BYTES_PER_CLIENT: number;
  readonly MAX_KEYS: number;
  readonly MAX_KEYS_BYTES: number;
  readonly MAX_SESSIONS: number;
}

const client =
  'one client: an IPv4 address, or the /64 network of an IPv6 address. All programs behind a proxy or NAT are one client';

const count = (describe: string, byDefault: number): Setting<number> =>
  integer({ describe, default: byDefault, min: 1, max: 1_000_000 });
const bytes = (describe: string, byDefault: number): Setting<number> =>
  integer({ describe, default: byDefault, min: 1_024, max: 1_073_741_824 });

/** The settings that say how much may be registered, and kept in keys. */
export const limitSettings: { readonly [K in keyof Limits]: Setting<number> } = {
  MAX_INSTANCES: count('Maximum number of registered instances', defaultLimits.maxInstances),
  MAX_INSTANCES_PER_SERVICE: count('Maximum number of instances of one service', defaultLimits.maxInstancesPerService),
  MAX_INSTANCES_PER_CLIENT: count(
    `Maximum number of instances registered by ${client}`,
    defaultLimits.maxInstancesPerClient,
  ),
  MAX_METADATA_BYTES: bytes(
    'Maximum size of all registered tags and metadata, in bytes. Clients take snapshots of at most 64 MiB',
    defaultLimits.maxMetadataBytes,
  ),
  MAX_METADATA_BYTES_PER_SERVICE: bytes(
    'Maximum size of the tags and metadata of one service, in bytes',
    defaultLimits.maxMetadataBytesPerService,
  ),
  MAX_METADATA_BYTES_PER_CLIENT: bytes(
    `Maximum size of the tags and metadata registered by ${client}, in bytes`,
    defaultLimits.maxMetadataBytesPerClient,
  ),
  MAX_KEYS: count('Maximum number of keys', defaultKeyLimits.maxKeys),
  MAX_KEYS_BYTES: bytes(
    'Maximum size of all keys and their values, in bytes. All of them are kept in memory',
    defaultKeyLimits.maxKeysBytes,
  ),
  MAX_SESSIONS: count('Maximum number of sessions, which hold locks on keys', defaultKeyLimits.maxSessions),
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

/** What the settings say of keys, as the registry takes it. */
export function keyLimitsOf(config: Limits): KeyLimits {
  return {
    maxKeys: config.MAX_KEYS,
    maxKeysBytes: config.MAX_KEYS_BYTES,
    maxSessions: config.MAX_SESSIONS,
  };
}
