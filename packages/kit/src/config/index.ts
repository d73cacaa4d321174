export {
  type AddressSettings,
  type Announcement,
  announcement,
  defaultServerHost,
} from './announcement.ts';
export {
  type CommonSettings,
  commonSettings,
  type LogFormat,
  type LogLevel,
  type LogProfile,
  logFormats,
  logLevels,
  logProfiles,
} from './common-settings.ts';
export { ConfigurationError } from './configuration-error.ts';
export type { DatabaseServerLocation, TlsMode } from './database-server-url.ts';
export { type DatabaseSettings, databaseSettings } from './database-settings.ts';
export {
  type DatabaseLocation,
  databaseLocation,
  databaseUrl,
  readDatabaseUrl,
  type SqliteLocation,
  sqliteFile,
} from './database-url.ts';
export { type DescribeOptions, describeConfig, describeSettings } from './describe-config.ts';
export {
  choice,
  type DurationOptions,
  durationMs,
  flag,
  type IntegerOptions,
  integer,
  type ListOptions,
  list,
  type TextOptions,
  text,
  type UrlOptions,
  url,
} from './kinds.ts';
export {
  type ConfigSource,
  type GivenConfig,
  type LoadOptions,
  type LoadResult,
  loadConfig,
  readGivenConfig,
  resolveConfig,
} from './load-config.ts';
export { flagName } from './read-flags.ts';
export { type RedisLocation, readRedisUrl, redisLocation } from './redis-url.ts';
export {
  type ConfigOf,
  type KnownValues,
  type OptionalSettingOptions,
  type Setting,
  type SettingOptions,
  type Settings,
  setting,
} from './setting.ts';
export { maskPassword, showValue } from './show-value.ts';
export {
  type TelemetrySettings,
  type TelemetrySignal,
  telemetrySettings,
  telemetrySignals,
} from './telemetry-settings.ts';
