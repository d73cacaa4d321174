import {
  type ChoiceRule,
  describeRule,
  readChoice,
  readDuration,
  readFlag,
  readInteger,
  readText,
  readUrl,
} from '@flotilla/contracts/setting-rule';
import {
  newSetting,
  type OptionalSettingOptions,
  type Setting,
  type SettingKind,
  type SettingOptions,
} from './setting.ts';

/** A string. `pattern` and `expects` restrict it: `text({ pattern: /^[a-z]+$/, expects: 'lower case letters', … })`. */
export interface TextOptions {
  readonly pattern?: RegExp;
  /** Describes a valid value, for the message about an invalid one. Default "a string of 1 to `maxLength` characters". */
  readonly expects?: string;
  /** Default 1000: more than any setting needs. */
  readonly maxLength?: number;
}
export function text(options: OptionalSettingOptions<string> & TextOptions): Setting<string | undefined>;
export function text(options: SettingOptions<string> & TextOptions): Setting<string>;
export function text(options: SettingOptions<string> & TextOptions): Setting<string> {
  const rule = { kind: 'text', max_length: options.maxLength ?? 1000 } as const;
  const expects = options.expects ?? describeRule(rule);
  const kind: SettingKind<string> = {
    expects,
    rule,
    standsAlone: false,
    read(raw) {
      const good = readText(rule, raw).ok && (options.pattern?.test(raw) ?? true);
      return good ? { ok: true, value: raw } : { ok: false, problem: `is not ${expects}` };
    },
  };
  return newSetting(kind, options);
}

/** The range of an {@link integer}, ends included. Default: every safe integer. */
export interface IntegerOptions {
  readonly min?: number;
  readonly max?: number;
}
/** A whole number in decimal digits. */
export function integer(options: OptionalSettingOptions<number> & IntegerOptions): Setting<number | undefined>;
export function integer(options: SettingOptions<number> & IntegerOptions): Setting<number>;
export function integer(options: SettingOptions<number> & IntegerOptions): Setting<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = options;
  const rule = { kind: 'integer', min, max } as const;
  return newSetting(
    { expects: describeRule(rule), rule, standsAlone: false, read: (raw) => readInteger(rule, raw) },
    options,
  );
}

/** Yes or no. As a flag it needs no value: `--verbose`. */
export function flag(options: SettingOptions<boolean>): Setting<boolean> {
  const rule = { kind: 'flag' } as const;
  return newSetting({ expects: describeRule(rule), rule, standsAlone: true, read: readFlag }, options);
}

/** One of a few words. */
export function choice<const T extends string>(values: readonly T[], options: SettingOptions<T>): Setting<T> {
  const rule: ChoiceRule<T> = { kind: 'choice', of: values };
  return newSetting<T>(
    { expects: describeRule(rule), rule, standsAlone: false, read: (raw) => readChoice(rule, raw) },
    { ...options, example: options.example ?? options.default ?? values[0] },
  );
}

/** The range of a {@link durationMs}, ends included. Default: 0 to one day. */
export interface DurationOptions {
  readonly min?: number;
  readonly max?: number;
}
/** A duration: milliseconds, or a number with a unit: `500ms`, `10s`, `5m`, `1h`. The value is in milliseconds. */
export function durationMs(options: OptionalSettingOptions<number> & DurationOptions): Setting<number | undefined>;
export function durationMs(options: SettingOptions<number> & DurationOptions): Setting<number>;
export function durationMs(options: SettingOptions<number> & DurationOptions): Setting<number> {
  const rule = { kind: 'duration', min_ms: options.min ?? 0, max_ms: options.max ?? 86_400_000 } as const;
  return newSetting(
    { expects: describeRule(rule), rule, standsAlone: false, read: (raw) => readDuration(rule, raw) },
    options,
  );
}

/** Which URLs are valid. */
export interface UrlOptions {
  /** The allowed schemes without the colon: `['http', 'https']`. */
  readonly protocols: readonly string[];
}
/** An absolute URL with a host. The value is the text as given. */
export function url(options: OptionalSettingOptions<string> & UrlOptions): Setting<string | undefined>;
export function url(options: SettingOptions<string> & UrlOptions): Setting<string>;
export function url(options: SettingOptions<string> & UrlOptions): Setting<string> {
  const rule = { kind: 'url', protocols: options.protocols } as const;
  return newSetting(
    { expects: describeRule(rule), rule, standsAlone: false, read: (raw) => readUrl(rule, raw) },
    options,
  );
}

/** What the entries of a {@link list} look like. */
export interface ListOptions {
  readonly pattern: RegExp;
  /** Describes valid entries, for the message about an invalid one. */
  readonly expects: string;
}
/** Entries separated by commas; empty if unset. */
export function list(options: SettingOptions<readonly string[]> & ListOptions): Setting<readonly string[]> {
  const { expects, pattern } = options;
  const rule = { kind: 'text', max_length: 10_000 } as const;
  return newSetting<readonly string[]>(
    {
      expects,
      rule,
      standsAlone: false,
      read(raw) {
        const entries = raw.split(',').map((entry) => entry.trim());
        const good = raw.length <= rule.max_length && entries.every((entry) => pattern.test(entry));
        return good ? { ok: true, value: entries } : { ok: false, problem: `is not ${expects}` };
      },
    },
    { default: [], ...options },
  );
}
