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
  const maxLength = options.maxLength ?? 1000;
  const expects = options.expects ?? `a string of 1 to ${maxLength} characters`;
  const kind: SettingKind<string> = {
    expects,
    standsAlone: false,
    read(raw) {
      const good = raw.length <= maxLength && (options.pattern?.test(raw) ?? true);
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
  const min = options.min ?? Number.MIN_SAFE_INTEGER;
  const max = options.max ?? Number.MAX_SAFE_INTEGER;
  const expects = `a whole number from ${min} to ${max}`;
  return newSetting(
    {
      expects,
      standsAlone: false,
      read(raw) {
        // Number() alone would also accept "", " 1", "0x10", "1e3" and "1.0".
        const value = /^-?\d{1,16}$/.test(raw) ? Number(raw) : Number.NaN;
        return value >= min && value <= max ? { ok: true, value } : { ok: false, problem: `is not ${expects}` };
      },
    },
    options,
  );
}

const yes = new Set(['true', '1', 'yes', 'on']);
const no = new Set(['false', '0', 'no', 'off']);

/** Yes or no. As a flag it needs no value: `--verbose`. */
export function flag(options: SettingOptions<boolean>): Setting<boolean> {
  return newSetting(
    {
      expects: 'true or false',
      standsAlone: true,
      read(raw) {
        const word = raw.toLowerCase();
        if (yes.has(word)) return { ok: true, value: true };
        return no.has(word) ? { ok: true, value: false } : { ok: false, problem: 'is not true or false' };
      },
    },
    options,
  );
}

/** One of a few words. */
export function choice<const T extends string>(values: readonly T[], options: SettingOptions<T>): Setting<T> {
  const expects = `one of ${values.join(', ')}`;
  return newSetting<T>(
    {
      expects,
      standsAlone: false,
      read(raw) {
        const value = values.find((candidate) => candidate.toLowerCase() === raw.toLowerCase());
        return value === undefined ? { ok: false, problem: `is not ${expects}` } : { ok: true, value };
      },
    },
    { ...options, example: options.example ?? options.default ?? values[0] },
  );
}

const unitMs: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The range of a {@link durationMs}, ends included. Default: 0 to one day. */
export interface DurationOptions {
  readonly min?: number;
  readonly max?: number;
}
/** A duration: milliseconds, or a number with a unit: `500ms`, `10s`, `5m`, `1h`. The value is in milliseconds. */
export function durationMs(options: OptionalSettingOptions<number> & DurationOptions): Setting<number | undefined>;
export function durationMs(options: SettingOptions<number> & DurationOptions): Setting<number>;
export function durationMs(options: SettingOptions<number> & DurationOptions): Setting<number> {
  const min = options.min ?? 0;
  const max = options.max ?? 86_400_000;
  const expects = `a duration from ${min} ms to ${max} ms, such as 500ms, 10s or 5m`;
  return newSetting(
    {
      expects,
      standsAlone: false,
      read(raw) {
        const [, digits = '', unit = ''] = /^(\d{1,12}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(raw) ?? [];
        const value = digits === '' ? Number.NaN : Math.round(Number(digits) * (unitMs[unit] ?? Number.NaN));
        return value >= min && value <= max ? { ok: true, value } : { ok: false, problem: `is not ${expects}` };
      },
    },
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
  const schemes = options.protocols.map((protocol) => `${protocol}://`).join(' or ');
  return newSetting(
    {
      expects: `a URL that begins with ${schemes}`,
      standsAlone: false,
      read(raw) {
        if (!options.protocols.some((protocol) => raw.toLowerCase().startsWith(`${protocol}://`)))
          return { ok: false, problem: `does not begin with ${schemes}` };
        const parsed = URL.parse(raw);
        if (parsed === null || parsed.hostname === '')
          return { ok: false, problem: 'is not a URL with a valid host and port' };
        return { ok: true, value: raw };
      },
    },
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
  return newSetting<readonly string[]>(
    {
      expects,
      standsAlone: false,
      read(raw) {
        const entries = raw.split(',').map((entry) => entry.trim());
        const good = raw.length <= 10_000 && entries.every((entry) => pattern.test(entry));
        return good ? { ok: true, value: entries } : { ok: false, problem: `is not ${expects}` };
      },
    },
    { default: [], ...options },
  );
}
