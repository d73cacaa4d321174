import {
  addressSchema,
  announcedAddressSchema,
  instanceIdSchema,
  type Locale,
  locales,
  maxLeaseMs,
  minLeaseMs,
  type Reading,
} from '@flotilla/contracts';
import { httpRegistryUrls, type RegistryUrls } from '@flotilla/contracts/registry-urls';
import type { z } from 'zod';
import { defaultServerHost } from './announcement.ts';
import { databaseUrl } from './database-url.ts';
import { choice, durationMs, integer, list, url } from './kinds.ts';
import { newSetting, type OptionalSettingOptions, type Setting, type SettingOptions } from './setting.ts';

/** How much is logged, from most to least. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** How log lines look: `auto` is pretty on a terminal and JSON otherwise. */
export const logFormats = ['auto', 'pretty', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** The settings every program has. */
export interface CommonSettings extends Readonly<Record<string, Setting<unknown>>> {
  readonly SERVER_PORT: Setting<number>;
  readonly SERVER_HOST: Setting<string>;
  readonly ADMIN_PORT: Setting<number | undefined>;
  readonly ADMIN_HOST: Setting<string>;
  readonly ALLOWED_HOSTS: Setting<readonly string[]>;
  readonly ALLOWED_ORIGINS: Setting<readonly string[]>;
  readonly DATABASE_URL: Setting<string>;
  readonly REDIS_URL: Setting<string | undefined>;
  readonly LOG_LEVEL: Setting<LogLevel>;
  readonly LOG_FORMAT: Setting<LogFormat>;
  readonly MAX_WORKERS: Setting<number>;
  readonly DEFAULT_LOCALE: Setting<Locale>;
  readonly REGISTRY_URL: Setting<string>;
  readonly ADVERTISE_ADDRESS: Setting<string | undefined>;
  readonly ADVERTISE_PORT: Setting<number | undefined>;
  readonly INSTANCE_ID: Setting<string | undefined>;
  readonly LEASE_MS: Setting<number | undefined>;
  readonly HEALTH_CHECK_INTERVAL_MS: Setting<number>;
  readonly DRAIN_TIMEOUT_MS: Setting<number>;
  readonly SHUTDOWN_DELAY_MS: Setting<number>;
}

/**
 * The settings every program has. `defaultPort`: where it listens unless told otherwise. `registryUrls`: what
 * `REGISTRY_URL` may be.
 */
export function commonSettings(
  defaultPort: number,
  serviceName: string,
  registryUrls: RegistryUrls = httpRegistryUrls,
): CommonSettings {
  return {
    SERVER_PORT: integer({
      describe: 'TCP port to listen on; 0 takes a free one',
      default: defaultPort,
      min: 0,
      max: 65_535,
    }),
    SERVER_HOST: checked(addressSchema, hostExpected, {
      describe:
        'Address to listen on, and to be announced at; 0.0.0.0 or :: for all. Unset: 127.0.0.1, which keeps other machines out, or all if REGISTRY_URL names another machine',
      example: '0.0.0.0',
      derive: ({ REGISTRY_URL }) => defaultServerHost(String(REGISTRY_URL), registryUrls),
    }),
    ADMIN_PORT: integer({
      describe:
        'TCP port for operators, for metrics, probes with their details and the log level, which are then away from the main port; 0 takes a free one',
      optional: true,
      min: 0,
      max: 65_535,
      example: '9100',
    }),
    ADMIN_HOST: checked(addressSchema, hostExpected, {
      describe:
        'Address for the port for operators; 0.0.0.0 or :: for all. Whoever reaches it may change the log level',
      default: '127.0.0.1',
    }),
    ALLOWED_HOSTS: list({
      describe:
        'Further names this program is reached by, beside IP addresses, localhost and names of private networks; .example.com stands for all names below, * for any. Requests for other names are refused. The gateway looks at names only on loopback, or when this is set',
      pattern: /^(?:\*|(?:\*?\.)?[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?)$/,
      expects: 'host names without scheme or port, separated by commas',
      example: 'api.example.com,.internal.example.com',
    }),
    ALLOWED_ORIGINS: list({
      describe:
        'Web pages from elsewhere that may send requests that change something; * for all. The gateway asks only on loopback',
      pattern: /^(?:\*|[a-z][a-z0-9+.-]*:\/\/[^\s/?#@,]{1,253})$/i,
      expects: 'origins such as https://app.example.com, separated by commas',
      example: 'https://app.example.com',
    }),
    DATABASE_URL: databaseUrl({ describe: 'Database of this service', default: `sqlite:data/${serviceName}.db` }),
    REDIS_URL: url({
      describe: 'Cache, for a service that uses one; without it nothing is cached',
      protocols: ['redis', 'rediss'],
      optional: true,
      example: 'redis://127.0.0.1:6379',
    }),
    LOG_LEVEL: choice(logLevels, { describe: 'Least severe level that is logged', default: 'info' }),
    LOG_FORMAT: choice(logFormats, { describe: 'How log lines look; auto is pretty on a terminal', default: 'auto' }),
    MAX_WORKERS: integer({
      describe: 'Upper bound for worker processes; the gateway starts one for each core, the others run as one process',
      default: 10,
      min: 1,
      max: 1024,
    }),
    DEFAULT_LOCALE: choice(locales, { describe: 'Language of messages if the caller names none', default: 'en' }),
    REGISTRY_URL: registryUrl(registryUrls, {
      describe: 'Where the service registry is; several addresses of it, separated by commas, are tried in turn',
      default: 'http://127.0.0.1:8500',
    }),
    ADVERTISE_ADDRESS: checked(announcedAddressSchema, `${hostExpected}, that others can reach`, {
      describe:
        'Address the registry tells others to reach this instance at. Unset: SERVER_HOST, or the address this machine speaks to the registry from',
      optional: true,
      example: '10.0.0.5',
    }),
    ADVERTISE_PORT: integer({
      describe:
        'Port the registry tells others to reach this instance at, where something between maps it, as containers do. Unset: the port it listens on',
      optional: true,
      min: 1,
      max: 65_535,
      example: '18001',
    }),
    INSTANCE_ID: checked(instanceIdSchema, 'an id of up to 128 letters, digits, ".", "_", ":", "@" or "-"', {
      describe: 'Id of this instance; without it, made from name, address and port',
      optional: true,
      example: `${serviceName}-1`,
    }),
    LEASE_MS: durationMs({
      describe: 'How long the registry keeps this instance without a sign of life; unset: the registry decides (60 s)',
      optional: true,
      min: minLeaseMs,
      max: maxLeaseMs,
      example: '60s',
    }),
    HEALTH_CHECK_INTERVAL_MS: durationMs({
      describe: 'Time between two rounds of the health checks, whose result is in /ready and in the registry',
      default: 1_000,
      min: 100,
      max: 60_000,
    }),
    DRAIN_TIMEOUT_MS: durationMs({
      describe: 'How long requests in flight may take after the program was told to stop',
      default: 10_000,
      max: 600_000,
    }),
    SHUTDOWN_DELAY_MS: durationMs({
      describe:
        'How long the program, told to stop, still serves new requests: for balancers that learn late that it is not ready',
      default: 0,
      max: 600_000,
    }),
  };
}

function registryUrl(urls: RegistryUrls, options: SettingOptions<string>): Setting<string> {
  const read = (raw: string): Reading<string> => {
    const problem = urls.problemOf(raw);
    return problem === undefined ? { ok: true, value: raw } : { ok: false, problem };
  };
  return newSetting({ expects: urls.expects, standsAlone: false, read }, options);
}

const hostExpected = 'an IP address or a host name, without scheme or port';

/** A text that a schema of the contracts accepts, described in our words. */
function checked(
  schema: z.ZodType<string>,
  expects: string,
  options: OptionalSettingOptions<string>,
): Setting<string | undefined>;
function checked(schema: z.ZodType<string>, expects: string, options: SettingOptions<string>): Setting<string>;
function checked(schema: z.ZodType<string>, expects: string, options: SettingOptions<string>): Setting<string> {
  const read = (raw: string): Reading<string> =>
    schema.safeParse(raw).success ? { ok: true, value: raw } : { ok: false, problem: `is not ${expects}` };
  return newSetting({ expects, standsAlone: false, read }, options);
}
