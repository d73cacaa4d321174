export { advertiseAddress, isLoopback, type NetworkInterfaces } from './advertise-address.ts';
export {
  type CommonSettings,
  commonSettings,
  type LogFormat,
  type LogLevel,
  logFormats,
  logLevels,
} from './common-settings.ts';
export { ConfigurationError } from './configuration-error.ts';
export { type DatabaseLocation, databaseFile, databaseUrl, readDatabaseUrl } from './database-url.ts';
export { type DescribeOptions, describeConfig, describeSettings } from './describe-config.ts';
export {
  choice,
  type DurationOptions,
  durationMs,
  flag,
  type IntegerOptions,
  integer,
  type TextOptions,
  text,
  type UrlOptions,
  url,
} from './kinds.ts';
export { type ConfigSource, type LoadOptions, type LoadResult, loadConfig } from './load-config.ts';
export { nearestName } from './nearest-name.ts';
export {
  type ConfigOf,
  type KnownValues,
  type OptionalSettingOptions,
  type Reading,
  type Setting,
  type SettingOptions,
  type Settings,
  setting,
} from './setting.ts';
export { maskPassword } from './show-value.ts';
