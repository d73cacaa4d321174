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
import { choice, durationMs, flag, integer, list, text } from './kinds.ts';
import { redisUrl } from './redis-url.ts';
import { newSetting, type OptionalSettingOptions, type Setting, type SettingOptions } from './setting.ts';
import { type TelemetrySettings, telemetrySettings } from './telemetry-settings.ts';

/** Log levels, from most to least verbose. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Log formats: `auto` is pretty on a terminal and JSON otherwise. */
export const logFormats = ['auto', 'pretty', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** Whose names the fields of JSON log lines have: our own, the Elastic Common Schema's, or OpenTelemetry's. */
export const logProfiles = ['native', 'ecs', 'otel'] as const;
export type LogProfile = (typeof logProfiles)[number];

/** The settings every program has. */
export interface CommonSettings extends TelemetrySettings, Readonly<Record<string, Setting<unknown>>> {
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
  readonly LOG_PROFILE: Setting<LogProfile>;
  readonly MAX_WORKERS: Setting<number>;
  readonly DEFAULT_LOCALE: Setting<Locale>;
  readonly API_DOCS: Setting<boolean>;
  readonly CENTRAL_CONFIG_WAIT_MS: Setting<number>;
  readonly REGISTRY_URL: Setting<string>;
  readonly REGISTRY_TOKEN: Setting<string | undefined>;
  readonly ADVERTISE_ADDRESS: Setting<string | undefined>;
  readonly ADVERTISE_PORT: Setting<number | undefined>;
  readonly INSTANCE_ID: Setting<string | undefined>;
  readonly LEASE_MS: Setting<number | undefined>;
  readonly HEALTH_CHECK_INTERVAL_MS: Setting<number>;
  readonly DRAIN_TIMEOUT_MS: Setting<number>;
  readonly SHUTDOWN_DELAY_MS: Setting<number>;
}

const ofOneInstance = 'It is different for each instance.';
const mayHoldPassword = 'It may hold a password, which everyone who may read the keys of the registry would see.';

/**
 * The settings that every program has. `defaultPort`: the default of `SERVER_PORT`. `registryUrls`: what `REGISTRY_URL`
 * accepts.
 */
export function commonSettings(
  defaultPort: number,
  serviceName: string,
  registryUrls: RegistryUrls = httpRegistryUrls,
): CommonSettings {
  return {
    SERVER_PORT: integer({
      describe: 'TCP port to listen on; 0 picks a free port',
      local: ofOneInstance,
      default: defaultPort,
      min: 0,
      max: 65_535,
    }),
    SERVER_HOST: checked(addressSchema, hostExpected, {
      describe:
        'Address to listen on and to announce; 0.0.0.0 or :: for all addresses. Unset: 127.0.0.1, which other machines cannot reach, or all addresses if REGISTRY_URL names another machine',
      local: ofOneInstance,
      example: '0.0.0.0',
      derive: ({ REGISTRY_URL }) => defaultServerHost(String(REGISTRY_URL), registryUrls),
    }),
    ADMIN_PORT: integer({
      describe:
        'TCP port for operators: metrics, detailed probes and the log level. If it is set, the main port does not serve these; 0 picks a free port',
      local: ofOneInstance,
      optional: true,
      min: 0,
      max: 65_535,
      example: '9100',
    }),
    ADMIN_HOST: checked(addressSchema, hostExpected, {
      describe:
        'Address to listen on for operators; 0.0.0.0 or :: for all addresses. Anyone who can reach it can change the log level',
      local: ofOneInstance,
      default: '127.0.0.1',
    }),
    ALLOWED_HOSTS: list({
      describe:
        'More host names to accept, besides IP addresses, localhost and names of private networks; .example.com accepts all names below it, * any name. Requests for other names are refused. The gateway checks names only on loopback, or if this is set',
      pattern: /^(?:\*|(?:\*?\.)?[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?)$/,
      expects: 'host names without scheme or port, separated by commas',
      example: 'api.example.com,.internal.example.com',
    }),
    ALLOWED_ORIGINS: list({
      describe:
        'Origins of other web pages that may send requests that change something; * for all. The gateway checks origins only on loopback; at the dashboard, these pages may only send telemetry',
      pattern: /^(?:\*|[a-z][a-z0-9+.-]*:\/\/[^\s/?#@,]{1,253})$/i,
      expects: 'origins such as https://app.example.com, separated by commas',
      example: 'https://app.example.com',
    }),
    DATABASE_URL: databaseUrl({ describe: 'Database of this service', default: `sqlite:data/${serviceName}.db` }),
    REDIS_URL: redisUrl({
      describe:
        'Redis, for the cache and the events of services that have them; the same for all instances of a service. Unset: nothing is cached, and events are read over HTTP',
      local: mayHoldPassword,
    }),
    LOG_LEVEL: choice(logLevels, {
      describe: 'Lowest level to log; central config can change it while the program runs',
      default: 'info',
      live: true,
    }),
    LOG_FORMAT: choice(logFormats, {
      describe: 'Format of log lines; auto is pretty on a terminal and JSON otherwise',
      local: 'The log begins before central config is read.',
      default: 'auto',
    }),
    LOG_PROFILE: choice(logProfiles, {
      describe:
        "Names of the fields of JSON log lines: native for ours, ecs for the Elastic Common Schema, otel for OpenTelemetry's log model",
      local: 'The log begins before central config is read.',
      default: 'native',
    }),
    MAX_WORKERS: integer({
      describe:
        'Maximum number of worker processes; the gateway starts one per core, other programs run as a single process',
      default: 10,
      min: 1,
      max: 1024,
    }),
    DEFAULT_LOCALE: choice(locales, {
      describe: 'Language of messages if the caller does not ask for one',
      default: 'en',
    }),
    API_DOCS: flag({
      describe:
        'Describe the API at /openapi.json and, as a page for people, at /docs. A route of your own with such a path keeps it',
      default: true,
    }),
    CENTRAL_CONFIG_WAIT_MS: durationMs({
      describe:
        'How long a start waits for central config, which the registry keeps. After that the program starts without it and applies it once it is known; 0 does not wait',
      default: 1_000,
      max: 600_000,
      local: 'It is needed before central config is read.',
    }),
    REGISTRY_URL: registryUrl(registryUrls, {
      describe:
        'Service registry, by the beginning of the URL: Flotilla (http://), Consul, Eureka, DNS or a list; several URLs, separated by commas, are tried in turn',
      local: 'It says where central config is.',
      default: 'http://127.0.0.1:8500',
    }),
    REGISTRY_TOKEN: text({
      describe:
        'Token that shows the service registry who is asking; for Eureka also user:password. Unset: none is shown',
      secret: true,
      optional: true,
      local: 'Central config is read with it.',
      pattern: /^[\x21-\x7e]+$/,
      expects: 'up to 1000 visible ASCII characters without spaces',
      example: 'a-long-random-text',
    }),
    ADVERTISE_ADDRESS: checked(
      announcedAddressSchema,
      'an IP address or a host name that others can reach, without scheme or port',
      {
        describe:
          'Address that the registry gives to callers of this instance. Unset: SERVER_HOST, or the address from which this machine connects to the registry',
        local: ofOneInstance,
        optional: true,
        example: '10.0.0.5',
      },
    ),
    ADVERTISE_PORT: integer({
      describe:
        'Port that the registry gives to callers of this instance, if it is mapped, as with containers. Unset: the port it listens on',
      local: ofOneInstance,
      optional: true,
      min: 1,
      max: 65_535,
      example: '18001',
    }),
    INSTANCE_ID: checked(instanceIdSchema, 'an id of up to 128 letters, digits, ".", "_", ":", "@" or "-"', {
      describe: 'Id of this instance. Unset: made from its name, address and port',
      local: ofOneInstance,
      optional: true,
      example: `${serviceName}-1`,
    }),
    LEASE_MS: durationMs({
      describe: 'How long the registry keeps this instance without a renewal. Unset: the registry decides (60 s)',
      optional: true,
      min: minLeaseMs,
      max: maxLeaseMs,
      example: '60s',
    }),
    HEALTH_CHECK_INTERVAL_MS: durationMs({
      describe: 'Time between rounds of health checks; /ready and the registry show their result',
      default: 1_000,
      min: 100,
      max: 60_000,
      live: true,
    }),
    DRAIN_TIMEOUT_MS: durationMs({
      describe: 'How long requests in progress may take after the program is told to stop',
      default: 10_000,
      max: 600_000,
    }),
    SHUTDOWN_DELAY_MS: durationMs({
      describe:
        'How long the program still serves new requests after it is told to stop, for load balancers that are slow to notice',
      default: 0,
      max: 600_000,
    }),
    ...telemetrySettings(),
  };
}

function registryUrl(urls: RegistryUrls, options: SettingOptions<string>): Setting<string> {
  const read = (raw: string): Reading<string> => {
    const problem = urls.problemOf(raw);
    return problem === undefined ? { ok: true, value: raw } : { ok: false, problem, expects: urls.expectsFor?.(raw) };
  };
  return newSetting({ expects: urls.expects, standsAlone: false, read }, options);
}

const hostExpected = 'an IP address or a host name without scheme or port';

/** A string that a schema of the contracts accepts, with our own description. */
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
